/** The file that `-o` names; undefined for "-", which is standard output, as where `-o` is not given. */
export const namedFile = (output: string | undefined): string | undefined =>
  output === '-' ? undefined : output;
