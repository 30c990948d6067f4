# The default interrupt controller of QEMU, and 288 CPUs: it starts, and half of them never come up.
qemu-system-x86_64 -machine q35 -accel kvm -smp 288,sockets=2,cores=72,threads=2
