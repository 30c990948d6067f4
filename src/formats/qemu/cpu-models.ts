/** CPU models of QEMU's x86 programs, and which of them have x2APIC under TCG. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Models without x2APIC unless a flag adds it (measured on QEMU 11.1 for some of each kind). */
const PLAIN = words(`
  qemu64 qemu32 kvm64 kvm32 486 pentium pentium2 pentium3 coreduo core2duo Conroe Penryn Nehalem Westmere
  Opteron_G1 Opteron_G2 Opteron_G3 Opteron_G4 Opteron_G5 EPYC EPYC-Rome EPYC-Milan EPYC-Genoa EPYC-Turin Dhyana
  phenom athlon n270`);

/** Models with x2APIC. */
const WITH_X2APIC = words(`
  SandyBridge IvyBridge Haswell Broadwell Skylake-Client Skylake-Server Cascadelake-Server Cooperlake
  Icelake-Server Icelake-Client SapphireRapids GraniteRapids SierraForest ClearwaterForest DiamondRapids Denverton
  Snowridge KnightsMill YongFeng max`);

/** Models that are what the host has, or nothing. */
const OTHERS = words('host base');

/** "Haswell-noTSX-IBRS", "EPYC-v2": variants of a model. */
const VARIANT = /(?:-(?:IBRS|IBPB|noTSX|noTSX-IBRS))?(?:-v\d{1,2})?$/;

function plainModel(name: string): string {
  return name.replace(VARIANT, '');
}

/** True for the models that a QEMU up to 11.1 has. */
export function isCpuModel(name: string): boolean {
  const model = plainModel(name);
  return PLAIN.includes(model) || WITH_X2APIC.includes(model) || OTHERS.includes(name);
}

/** Whether a model has x2APIC under TCG; undefined for one that is not known. */
export function hasX2apicUnderTcg(name: string): boolean | undefined {
  const model = plainModel(name);
  if (PLAIN.includes(model)) return false;
  return WITH_X2APIC.includes(model) ? true : undefined;
}
