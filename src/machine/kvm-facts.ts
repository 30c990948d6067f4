/** What KVM does beside running the guest, as a description says it. */
export interface KvmFacts {
  /** KVM takes a message to APIC ID 255 for a broadcast, as it does unless user space turns the quirk off. */
  readonly broadcastQuirk: boolean;
  /** KVM offers interfaces of Hyper-V beside its own. */
  readonly hypervEnlightenments: boolean;
}
