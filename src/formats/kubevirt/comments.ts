/** Comments of manifests: of YAML, and of the script or the prose that it stands in. */
import type { Comment, FindComments, Span } from '../comments/comment.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { yamlComments } from '../comments/yaml-comments.ts';
import { manifestsIn } from './documents.ts';

const moved = (span: Span | null, by: number): Span | null =>
  span && { start: span.start + by, end: span.end + by };

export const kubevirtComments: FindComments = async (text) => {
  const manifests = manifestsIn(text);
  if (manifests.length === 0) return yamlComments(text);
  const inside: Comment[] = [];
  for (const { start, text: part } of manifests)
    for (const one of await yamlComments(part))
      inside.push({
        ...one,
        offset: one.offset + start,
        about: moved(one.about, start),
        head: moved(one.head, start),
      });
  return [...(await shellComments(text)), ...inside];
};
