#!/bin/sh
# PID 1 of a test guest. In the first root (initrd.ts): puts a RAM overlay over the host's root,
# which comes read-only by virtiofs, and goes there. Then: runs one command with its output on
# the second serial port, and says its exit code there last. The first port is the kernel's.

REPORT=/dev/ttyS1

leave() {
	# Closing a tty waits until all is sent.
	echo "weir-vm: exit $1" >$REPORT
	/run/busybox poweroff -f
}

need() {
	"$@" && return
	echo "weir-vm: failed: $*" >$REPORT
	leave 125
}

# "weir.<name>=<value>" of the kernel's command line.
argument() {
	for word in $(cat "$1/cmdline"); do
		case $word in weir.$2=*) echo "${word#*=}" ;; esac
	done
}

first_root() {
	mount -t proc proc /proc
	mount -t sysfs sys /sys
	mount -t devtmpfs dev /dev
	for module in /modules/*.ko; do
		[ -e "$module" ] && insmod "$module"
	done
	need mount -t virtiofs -o ro host /host
	mount -t tmpfs -o size=75% ram /ram
	mkdir /ram/upper /ram/work
	need mount -t overlay -o lowerdir=/host,upperdir=/ram/upper,workdir=/ram/work root /root
	mkdir -p /root/usr/lib/modules
	need mount --bind "/root$(argument /proc modules)" /root/usr/lib/modules
	for dir in proc sys dev; do
		mount --move /$dir /root/$dir
	done
	mount -t tmpfs run /root/run
	cp /run/busybox /init /root/run/
	exec switch_root /root /run/busybox sh /run/init entered
}

second_root() {
	export HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	mkdir -p /run/netns /run/lock /dev/pts /dev/shm
	mount -t devpts pts /dev/pts
	mount -t tmpfs shm /dev/shm
	mount -t bpf bpf /sys/fs/bpf
	mount -t cgroup2 cgroup /sys/fs/cgroup
	ip link set lo up
	# Through a pipe: for a terminal programs draw.
	{
		/bin/sh "$(argument /proc command)" </dev/null 2>&1
		echo $? >/run/exit
	} | cat >$REPORT
	leave "$(cat /run/exit)"
}

if [ "$1" = entered ]; then
	second_root
else
	first_root
fi
