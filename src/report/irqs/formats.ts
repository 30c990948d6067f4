/** Names of the forms of `irqsim irqs`, without what writes them. */
export const IRQS_FORMATS = ['text', 'json', 'markdown'] as const;
export type IrqsFormat = (typeof IRQS_FORMATS)[number];
