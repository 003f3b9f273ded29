# Sourced by the scripts that run a systemd: namespaces and a cgroup of their own, which go with everything in them when the script
# ends, however it ends. The script is given PROJECT, HOME and UID first, and runs until its stdin ends; it exits with 77 and the
# reason on stderr where this cannot be had.

impossible() { echo "$1" >&2; exit 77; }
[ "$(id -u)" -eq 0 ] || impossible 'only root can make the namespaces for it'
[ -x /usr/lib/systemd/systemd ] || impossible 'systemd is not installed'
tree=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$tree" ] || impossible 'no cgroup2 file system is mounted'
unshare --mount --pid --fork --cgroup true 2>/dev/null || impossible 'namespaces are not allowed'
# From here on what is mounted is seen by nobody else.
[ -n "${own_mounts:-}" ] || own_mounts=1 exec unshare --mount "$BASH" "$0" "$@"
group=$tree/codex-share-test-$$
mkdir "$group" 2>/dev/null || impossible 'the cgroup tree is read-only'

leave() {
  # Whoever read this may be gone, and a word too many would end the leaving.
  exec > /dev/null 2>&1
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

# Runs a function with its arguments as the first process of new namespaces, and prints `ready PID`, that process's pid as it is seen
# from here, once there is a /run/ready inside.
enter() {
  local inside
  (
    echo "$BASHPID" > "$group/cgroup.procs"
    exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --cgroup --uts --ipc --mount-proc -- \
      bash -c "$(declare -f "$1"); set -eu; \"\$@\"" first "$@"
  ) < /dev/null >&2 &
  outer=$!
  SECONDS=0
  until inside=$(pgrep --parent "$outer") && [ -e "/proc/$inside/root/run/ready" ]; do
    kill -0 "$outer"
    if [ "$SECONDS" -ge 60 ]; then
      journalctl --directory "/proc/$inside/root/run/log/journal" --no-pager --lines 100 >&2
      exit 1
    fi
    sleep 0.02
  done
  echo "ready $inside"
}
