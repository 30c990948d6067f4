/** Inputs up to this size are read in one piece: what splits larger ones need not be loaded for them. */
export const WHOLE_BYTES = 128 * 1024;
