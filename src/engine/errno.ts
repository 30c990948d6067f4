/** Return codes as in C: functions return 0 or the negative of one of these (include/uapi/asm-generic/errno-base.h). */
export const EPERM = 1;
export const EIO = 5;
export const EBUSY = 16;
export const EINVAL = 22;
export const ENOSPC = 28;
