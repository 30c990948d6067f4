/** XML allows no "--" in a comment; comments for irqsim are written with it all the same. */
const OPEN = '<!--';
const OURS = /<!--\s*irqsim\b/gi;

/** The text with blanks for hyphens in comments for irqsim, so that no parser stops at them. Offsets stay. */
export function withoutHyphens(text: string): string {
  let result = '';
  let done = 0;
  for (const { 0: begin, index } of text.matchAll(OURS)) {
    const end = text.indexOf('-->', index + begin.length);
    if (end < 0) break;
    if (index < done) continue;
    const inside = index + OPEN.length;
    result += text.slice(done, inside) + text.slice(inside, end).replace(/-(?=-)|-$/g, ' ');
    done = end;
  }
  return result + text.slice(done);
}
