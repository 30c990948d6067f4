/** What a thread is given at its start that serves a language server. */
export const FOR_LSP = 'lsp';
