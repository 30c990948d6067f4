#!/bin/sh
# A build farm's guest (the story of sched-ext/scx#3718): QEMU 6.0 and newer starts 288 vCPUs with the default
# interrupt controller without a word, although no interrupt reaches the CPUs above APIC ID 255.
exec qemu-system-x86_64 -name build-farm -machine q35 -accel kvm -cpu host \
  -smp 288,sockets=2,cores=72,threads=2 -m 512G \
  -drive file=/srv/images/build.qcow2,if=none,id=disk0 -device virtio-blk-pci,drive=disk0,id=blk0,num-queues=32 \
  -netdev tap,id=net0,queues=8 -device virtio-net-pci,netdev=net0,id=nic0,mq=on,vectors=18 \
  -nographic
