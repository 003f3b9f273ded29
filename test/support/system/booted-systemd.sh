#!/usr/bin/env bash
# A machine that boots: systemd as the first process, with logind, over a throw-away layer on top of this machine's files.
#
#   booted-systemd.sh PROJECT HOME UID LAYER
#
# Inside, PROJECT is /run/project, HOME is /run/home, and tester is a user. LAYER is an empty folder, to mount the layer's files at.
# Boots at once, and once more, over the same layer, for every line on stdin that comes when the machine is down.
set -euo pipefail
. "$(dirname "$0")/namespaces.sh"

command -v dbus-daemon > /dev/null || impossible 'dbus is not installed'
command -v pkaction > /dev/null || impossible 'polkit is not installed'
compgen -G '/usr/lib/*/security/pam_systemd.so' > /dev/null || impossible 'the PAM module of systemd is not installed'

layer=$4
mount -t tmpfs -o mode=755 tmpfs "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$layer/root" 2>/dev/null ||
  impossible 'there is no overlay file system'
root=$layer/root
chown -R "$3:$3" "$2"
# The star stands where the password would be looked up in another file.
echo "tester:*:$3:$3::/run/home:/bin/bash" >> "$root/etc/passwd"
echo "tester:x:$3:" >> "$root/etc/group"
# Nothing that this machine runs is run in there, and the journal is not kept.
rm -rf "$root"/etc/systemd/system/*.wants "$root/var/log/journal" "$root/var/lib/systemd/linger"
# logind would wait ten seconds for the user to come back.
mkdir -p "$root/etc/systemd/logind.conf.d"
cat > "$root/etc/systemd/logind.conf.d/test.conf" <<'END'
[Login]
UserStopDelaySec=0
END
cat > "$root/etc/systemd/system/test.service" <<'END'
[Unit]
Requires=dbus.socket systemd-logind.service systemd-user-sessions.service
After=dbus.socket systemd-logind.service systemd-user-sessions.service
AllowIsolate=yes

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/touch /run/ready
END

# Becomes the first process of the machine.
boot() {
  local project=$1 home=$2 layer=$4 root=$4/root device
  mount -t proc proc "$root/proc"
  # Every boot has an id of its own, by which programs tell a crash from a power failure. The kernel's settings are this machine's, too.
  cat /proc/sys/kernel/random/uuid > "$layer/boot_id"
  mount --bind "$root/proc/sys" "$root/proc/sys"
  mount --bind "$layer/boot_id" "$root/proc/sys/kernel/random/boot_id"
  mount -o remount,bind,ro "$root/proc/sys"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mkdir "$root/run/project" "$root/run/home"
  mount --bind "$project" "$root/run/project"
  mount --bind "$home" "$root/run/home"
  cd "$root"
  pivot_root . mnt
  umount --lazy /mnt
  # Without the rights that reach past the namespaces. `container` tells systemd that it has no hardware to care for.
  exec setpriv --bounding-set=-sys_boot,-sys_module,-sys_rawio,-sys_time,-syslog \
    env -i container=test PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 \
    /usr/lib/systemd/systemd --system --unit=test.service --show-status=no
}

enter boot "$@"
while read -r _; do
  wait "$outer" || true
  enter boot "$@"
done
