/** Names of the forms of a sweep, without what writes them. */
export const SWEEP_FORMATS = ['text', 'csv', 'json', 'ndjson', 'markdown'] as const;
export type SweepFormat = (typeof SWEEP_FORMATS)[number];
