/** Units of systemd as a shell script: what starts a service, and the variables that it is given. Places stay as they are. */

/** True for a unit that starts something. */
export const looksLikeUnit = (text: string): boolean =>
  /^\[(?:Unit|Service|Install)\][ \t]*\r?$/m.test(text) && STARTS.test(text);

const STARTS = /^Exec(?:Start|StartPre|StartPost)=/m;

const blanks = (text: string): string => text.replace(/[^\n]/g, ' ');

/** The unit with blanks in place of all that no shell runs. */
export function unitAsScript(text: string): string {
  let keeps = false;
  return text
    .split('\n')
    .map((line) => {
      const continues = /\\[ \t]*\r?$/.test(line);
      const was = keeps;
      keeps = false;
      if (was) {
        keeps = continues;
        return line;
      }
      const start = /^Exec(?:Start|StartPre|StartPost)=[-@:+!|]*/.exec(line);
      if (start) {
        keeps = continues;
        return blanks(start[0]) + line.slice(start[0].length);
      }
      const [variables] = /^Environment=/.exec(line) ?? [];
      if (variables !== undefined) {
        // "NAME=a b" in quotes is NAME="a b" in a shell.
        const given = line.slice(variables.length).replace(/(["'])([A-Za-z_]\w*)=/g, '$2=$1');
        return blanks(variables) + given;
      }
      const [file] = /^EnvironmentFile=-?/.exec(line) ?? [];
      return file === undefined ? blanks(line) : `.${blanks(file).slice(1)}${line.slice(file.length)}`;
    })
    .join('\n');
}
