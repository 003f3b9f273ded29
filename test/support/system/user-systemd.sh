#!/usr/bin/env bash
# A real systemd user manager with its journal, for a user who exists nowhere else, in namespaces that go when this ends.
#
#   user-systemd.sh PROJECT HOME UID
#
# Inside, PROJECT is /run/project and HOME is /run/home.
set -euo pipefail
. "$(dirname "$0")/namespaces.sh"

# Runs as the first process of the new namespaces.
inside() {
  local project=$1 home=$2 uid=$3 runtime=/run/user/$3
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

enter inside "$@"
cat > /dev/null
