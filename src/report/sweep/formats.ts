/** Names of the forms of a sweep, without what writes them. */
export const SWEEP_FORMATS = ['text', 'csv', 'json', 'ndjson', 'markdown', 'html'] as const;
export type SweepFormat = (typeof SWEEP_FORMATS)[number];
