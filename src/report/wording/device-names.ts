/** Several devices in few words. */

/** "nvme0", "nvme0, nvme2", "nvme0 .. nvme7 (8)" if their numbers follow each other, else "nvme0 and 7 others". */
export function deviceNames(devices: readonly string[]): string {
  const [first] = devices;
  if (devices.length <= 2) return devices.join(', ');
  const stem = first.replace(/\d+$/, '');
  const start = Number(first.slice(stem.length));
  const inRow = first !== stem && devices.every((name, n) => name === `${stem}${start + n}`);
  if (inRow) return `${first} .. ${devices[devices.length - 1]} (${devices.length})`;
  return devices.length <= 4 ? devices.join(', ') : `${first} and ${devices.length - 1} others`;
}
