/** Names of the forms of an answer that is a document, without what writes them. */
export const DOCUMENT_FORMATS = ['text', 'json', 'markdown', 'html'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];
