#!/bin/busybox sh
# First program of the lab's virtual machine: finds the host's file system and makes it the root, with everything that is
# written going to memory.
bb=/bin/busybox
$bb mkdir -p /dev /proc /sys /host /new /rw
$bb mount -t devtmpfs dev /dev
$bb mount -t proc proc /proc
$bb mount -t sysfs sys /sys
for module in $($bb cat /modules/early.list); do $bb insmod /modules/$module || echo "lab: no module $module"; done
$bb mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro hostroot /host || echo "lab: no host file system"
$bb mount -t tmpfs rw /rw
$bb mkdir -p /rw/upper /rw/work
$bb mount -t overlay -o lowerdir=/host,upperdir=/rw/upper,workdir=/rw/work overlay /new || echo "lab: no overlay"
repository=$($bb sed -n 's/.*lab\.repository=\([^ ]*\).*/\1/p' /proc/cmdline)
# The host's own devices and states are not ours; unless we lie among them, and then its overlay has to do.
for place in run tmp; do
  case "$repository" in /$place/*) ;; *) $bb mount -t tmpfs $place /new/$place ;; esac
done
$bb mkdir -p /new/run/lab /new/run/lab-out
$bb mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=none out /new/run/lab-out || echo "lab: no way out"
# Programs run from memory: over 9p each start takes seconds.
$bb cp /bin/busybox /new/run/lab/busybox
$bb cp -r /modules /new/run/lab/modules
for place in dev proc sys; do $bb mount --move /$place /new/$place; done
exec $bb switch_root /new /run/lab/busybox sh "$repository/tests/lab/guest/start.sh" "$repository"
