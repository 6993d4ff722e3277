# Second program of the lab's virtual machine: a network of its own, USB drivers, udev with the product's rules, a user for the
# kiosk, then the suites. Whatever they end with goes to the host as `rc`.
repository=$1
bb=/run/lab/busybox
out=/run/lab-out
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mark() { echo "$1 $($bb cut -d' ' -f1 /proc/uptime)" >> $out/times; }
mark kernel
$bb mkdir -p /dev/pts /dev/shm
$bb mount -t devpts devpts /dev/pts
$bb mount -t tmpfs shm /dev/shm
[ -e /dev/fd ] || $bb ln -s /proc/self/fd /dev/fd
$bb ifconfig lo up
for module in $($bb cat /run/lab/modules/late.list); do $bb insmod /run/lab/modules/$module || echo "lab: no module $module"; done
# The kiosk's user may reach its devices by group and by nothing else.
$bb grep -q '^suishen-kiosk:' /etc/group || echo 'suishen-kiosk:x:6060:' >> /etc/group
$bb grep -q '^suishen-kiosk:' /etc/passwd || echo 'suishen-kiosk:x:6060:6060::/tmp:/bin/false' >> /etc/passwd
$bb mkdir -p /run/udev/rules.d
$bb cp "$repository"/packaging/udev/*.rules /run/udev/rules.d/
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle
mark udev
cd "$repository"
$(cat /run/lab-out/command)
echo $? > $out/rc
mark suites
sync
echo b > /proc/sysrq-trigger
