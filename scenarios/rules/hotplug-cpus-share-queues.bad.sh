# One CPU of eight at start: QEMU makes one queue, for ever.
qemu-system-x86_64 -machine q35 -accel kvm -smp 1,maxcpus=8 -device virtio-blk-pci,drive=d,id=disk
