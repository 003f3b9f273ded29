#!/usr/bin/env bash
# A real systemd user manager with its journal, for a user who exists nowhere else, in namespaces that go when this ends.
#
#   user-systemd.sh PROJECT HOME UID
#
# Inside, PROJECT is /run/project and HOME is /run/home. Prints `ready PID`: the pid, seen from here, of the first process inside.
# Runs until its stdin ends. Exits with 77 and the reason on stderr where this cannot be had.
set -euo pipefail
project=$1 home=$2 uid=$3

impossible() { echo "$1" >&2; exit 77; }
[ "$(id -u)" -eq 0 ] || impossible 'only root can make the namespaces for it'
[ -x /usr/lib/systemd/systemd ] || impossible 'systemd is not installed'
tree=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$tree" ] || impossible 'no cgroup2 file system is mounted'
group=$tree/codex-share-test-$$
mkdir "$group" 2>/dev/null || impossible 'the cgroup tree is read-only'
unshare --mount --pid --fork --cgroup true 2>/dev/null || { rmdir "$group"; impossible 'namespaces are not allowed'; }

leave() {
  # With the outer one its child goes, which is the first process inside, and with that one all the others.
  [ -z "${outer:-}" ] || kill -KILL "$outer" 2>/dev/null || true
  wait || true
  # They end one after the other, and a group can only be removed when it is empty.
  for _ in $(seq 250); do
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    [ -d "$group" ] || return 0
    sleep 0.02
  done
}
trap leave EXIT

# Runs as the first process of the new namespaces.
inside() {
  local project=$1 home=$2 uid=$3 runtime=/run/user/$3
  mount --make-rprivate /
  mount -t tmpfs -o mode=755 tmpfs /mnt
  mkdir /mnt/project /mnt/home
  mount --bind "$project" /mnt/project
  mount --bind "$home" /mnt/home
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /run/systemd/system /run/log/journal /run/lock /run/project /run/home "$runtime"
  mount --move /mnt/project /run/project
  mount --move /mnt/home /run/home
  mount -t tmpfs -o mode=1777 tmpfs /tmp
  mount -t tmpfs tmpfs /var/log
  chgrp systemd-journal /run/log/journal
  chmod 2755 /run/log/journal

  # A user of our own, without a trace in the machine's files.
  { cat /etc/passwd; echo "tester:x:$uid:$uid::/run/home:/bin/bash"; } > /run/passwd
  { cat /etc/group; echo "tester:x:$uid:"; } > /run/group
  mount --bind /run/passwd /etc/passwd
  mount --bind /run/group /etc/group
  chown -R "$uid:$uid" /run/home "$runtime"
  chmod 700 "$runtime"

  umount --recursive /sys/fs/cgroup 2>/dev/null || umount --lazy /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  # As logind has it: by this path the journal tells which unit of whose a line is from.
  local own=/sys/fs/cgroup/user.slice/user-$uid.slice/user@$uid.service
  mkdir -p "$own/init.scope"
  chown -R "$uid:$uid" "$own"

  /usr/lib/systemd/systemd-journald &
  until [ -S /run/systemd/journal/stdout ]; do sleep 0.02; done
  (
    echo 0 > "$own/init.scope/cgroup.procs"
    exec setpriv --reuid "$uid" --regid "$uid" --clear-groups \
      env -i HOME=/run/home USER=tester LOGNAME=tester SHELL=/bin/bash LANG=C.UTF-8 \
      PATH=/usr/local/bin:/usr/bin:/bin XDG_RUNTIME_DIR="$runtime" /usr/lib/systemd/systemd --user
  ) &
  until [ -S "$runtime/systemd/private" ]; do kill -0 $!; sleep 0.02; done
  touch /run/ready
  wait
}

first="$(declare -f inside); set -eu; inside \"\$@\""
(
  echo "$BASHPID" > "$group/cgroup.procs"
  exec unshare --mount --pid --fork --kill-child --cgroup --mount-proc -- \
    bash -c "$first" inside "$project" "$home" "$uid"
) < /dev/null >&2 &
outer=$!
until inside=$(pgrep --parent "$outer") && [ -e "/proc/$inside/root/run/ready" ]; do kill -0 "$outer"; sleep 0.02; done
echo "ready $inside"
cat > /dev/null
