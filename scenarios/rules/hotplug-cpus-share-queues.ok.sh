# The same with as many queues as CPUs that may come.
qemu-system-x86_64 -machine q35 -accel kvm -smp 1,maxcpus=8 -device virtio-blk-pci,drive=d,id=disk,num-queues=8
