/** A word as a shell takes it: in quotes where it holds anything that could mean more than itself. */
export const shellWord = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
