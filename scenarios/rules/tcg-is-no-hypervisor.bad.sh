# Software emulation: Linux takes it for bare metal.
qemu-system-x86_64 -machine q35 -accel tcg -smp 4
