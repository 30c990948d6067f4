/**
 * The kernel's error numbers (include/uapi/asm-generic/errno-base.h and errno.h). Engine and model return 0 or
 * the negative of one, as in C; events and reports hold the positive number.
 */
const NAMES = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENOSPC: 28,
  ERANGE: 34,
} satisfies Record<string, number>;

export const { EPERM, ENOENT, EIO, EBUSY, EEXIST, ENODEV, EINVAL, ENOSPC, ERANGE } = NAMES;

/** "ENOSPC" for 28, "errno 95" for a number without a name here. */
export function errnoName(errno: number): string {
  return Object.entries(NAMES).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;
}
