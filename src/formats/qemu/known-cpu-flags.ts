/** Names behind `-cpu` that say nothing of interrupts: features and settings of QEMU's x86 CPUs (7.2 to 11.1). */
import { names } from '../../lib/names.ts';

/** Flags that decide something here: accel.ts and describe.ts read them. */
const READ = names('x2apic hypervisor kvm kvm-msi-ext-dest-id kvmclock tsc-deadline arat');

/** What QEMU itself lists (7.2), and the names that came later. */
const IDLE = names(`
  3dnow 3dnowext 3dnowprefetch abm ace2 ace2-en acpi adx aes amd-no-ssb amd-psfd amd-ssbd amd-stibp amx-avx512
  amx-bf16 amx-complex amx-fp16 amx-fp8 amx-int8 amx-movrs amx-tf32 amx-tile amx-transpose arch-capabilities
  arch-lbr arch-pebs auto-ibrs avic avx avx-ifma avx-ne-convert avx-vnni avx-vnni-int16 avx-vnni-int8 avx10 avx10-128
  avx10-256 avx10-512 avx10-version avx2 avx512-4fmaps avx512-4vnniw avx512-bf16 avx512-bmm avx512-fp16
  avx512-vp2intersect avx512-vpopcntdq avx512bitalg avx512bw avx512cd avx512dq avx512er avx512f avx512ifma avx512pf
  avx512vbmi avx512vbmi2 avx512vl avx512vnni bhi-ctrl bhi-dis-s bhi-no bmi1 bmi2 bus-lock-detect cet-ibt cet-s cet-ss
  cet-u check cid cldemote clflush clflushopt clwb clzero cmov cmp-legacy cmpccxadd cmt consistent-cache
  core-capability cr8legacy cvt16 cx16 cx8 dca ddpd-u de decodeassists ds ds-cpl dtes64 dtherm enforce
  eraps erms est extapic extended-virt-int f16c family fbsdp-no ffxsr fill-mtrr-mask flushbyasid fma fma4 fpu fred
  fs-gs-base-ns fsgsbase fsrc fsrm fsrs full-cpuid-auto-level full-width-write fxsr fxsr-opt fzrm gds-no gfni
  guest-phys-bits hle host-cache-info host-phys-bits host-phys-bits-limit hreset ht hv-apicv hv-avic hv-crash
  hv-emsr-bitmap hv-enforce-cpuid hv-evmcs hv-frequencies hv-ipi hv-no-nonarch-coresharing hv-passthrough
  hv-reenlightenment hv-relaxed hv-reset hv-runtime hv-spinlocks hv-stimer hv-stimer-direct hv-syndbg hv-synic
  hv-time hv-tlbflush hv-tlbflush-direct hv-tlbflush-ext hv-vapic hv-vendor-id hv-version-id-build
  hv-version-id-major hv-version-id-minor hv-version-id-sbranch hv-version-id-snumber hv-version-id-spack hv-vpindex
  hv-xmm-input i64 ia64 ibpb ibpb-brtype ibrs ibrs-all ibs ibt intel-psfd intel-pt intel-pt-lip invpcid invtsc
  ipred-ctrl its-no kvm-asyncpf kvm-asyncpf-int kvm-hint-dedicated kvm-mmu kvm-no-smi-migration kvm-nopiodelay
  kvm-poll-control kvm-pv-enforce-cpuid kvm-pv-eoi kvm-pv-ipi kvm-pv-sched-yield kvm-pv-tlb-flush kvm-pv-unhalt
  kvm-steal-time kvmclock-stable-bit l3-cache la57 lahf-lm lam lbr-fmt lbrv legacy-cache legacy-intel-cache level
  level-func7 lfence-always-serializing lkgs lm lmce lwp mba mbm-local mbm-total mca mcdt-no mce md-clear mds-no
  migratable min-level min-xlevel min-xlevel2 misalignsse mmx mmxext model model-id monitor movbe movdir64b movdiri
  movrs mpx msr mtrr no-nested-data-bp node-id nodeid-msr npt nrip-save null-sel-clr-base nx ospke osvw osxsave
  overflow-recov pae pat pause-filter pbe pbrsb-no pcid pclmuldq pclmulqdq pcommit pconfig pdcm pdpe1gb perfctr-core
  perfctr-nb perfmon-v2 pfthreshold pge phe phe-en phys-bits pks pku pmm pmm-en pmu pn pni popcnt prefetchi
  prefetchiti pschange-mc-no psdp-no pse pse36 rapsize rdctl-no rdpid rdrand rdseed rdt-a rdtscp rfds-clear rfds-no
  rrsba-ctrl rsba rtm sbdr-ssdp-no sbpb sep serialize sev sev-es sev-snp sgx sgx-debug sgx-exinfo sgx-kss sgx-mode64
  sgx-provisionkey sgx-tokenkey sgx1 sgx2 sgxlc sha-ni sha512 shstk skinit skip-l1dfl-vmentry sm3 sm4 smap smep smx
  spec-ctrl split-lock-detect srso-no srso-user-kernel-no ss ssb-no ssbd sse sse2 sse3 sse4-1 sse4-2 sse4.1 sse4.2
  sse4a ssse3 start-powered-off stepping stibp stibp-always-on succor svm svm-lock svme-addr-chk syscall taa-no tbm
  tce tcg-cpuid tm tm2 topoext total-mem-encrypt tsa-l1-no tsa-sq-no tsc tsc-adjust tsc-frequency tsc-scale tsx-ctrl
  tsx-ldtrk ucode-rev umip user-msr v-spec-ctrl v-vmsave-vmload vaes vendor verw-clear vgif virt-ssbd vmcb-clean vme
  vmware-cpuid-freq vmx vnmi vpclmulqdq waitpkg wbnoinvd wdt wrmsrns x-force-features x-hv-max-vps
  x-hv-synic-kvm-only x-intel-pt-auto-level x-l1-cache-per-thread x-migrate-smi-count x-vendor-cpuid-only x2avic
  xcrypt xcrypt-en xd xfd xgetbv1 xlevel xlevel2 xop xsave xsavec xsaveerptr xsaveopt xsaves xss xstore xstore-en
  xtpr`);

/** Flags that matter only where somebody takes them away, which is not modelled. */
const EXPECTED_ON = names('apic cpuid-0xb');

/** The controls of nested guests are many, and are about nobody else. */
const NESTED = /^vmx-[\w-]+$/;

/** True for a flag that is read or does not matter, set to `value`; the name is written with "-". */
export function isKnownFlag(name: string, isOff: boolean): boolean {
  if (EXPECTED_ON.has(name)) return !isOff;
  return READ.has(name) || IDLE.has(name) || NESTED.test(name);
}
