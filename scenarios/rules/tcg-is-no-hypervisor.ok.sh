# The same with KVM.
qemu-system-x86_64 -machine q35 -accel kvm -smp 4
