# The same with the split interrupt controller, which offers the extended destination ID.
qemu-system-x86_64 -machine q35,kernel-irqchip=split -accel kvm -smp 288,sockets=2,cores=72,threads=2
