/** What the manual page says that no command definition holds: environment and files. */

/** Variables, and what they do. */
export const ENVIRONMENT: readonly (readonly [name: string, about: string])[] = [
  ['NO_COLOR', 'No colours, if it is set and not empty.'],
  [
    'FORCE_COLOR',
    'Colours also where standard output is no terminal: 1, 2 (256 colours) or 3 (16 million); 0: none.',
  ],
  ['TERM, COLORTERM', 'Colours that the terminal can show; none if TERM is dumb.'],
  [
    'LC_ALL, LC_CTYPE, LANG',
    'The locale, by the first of them that is set: texts are in ASCII where it is not UTF-8 (Linux: also where none is).',
  ],
  ['IRQSIM_ASCII', '1: texts are in ASCII, 0: they are not, whatever the locale.'],
  ['SOURCE_DATE_EPOCH', 'Seconds since 1970: the day by which suppressions end, where --today does not say.'],
  ['IRQSIM_SHARD', 'The shard of irqsim batch without --shard: 2/8 is the second of eight.'],
  [
    'JOB_COMPLETION_INDEX, IRQSIM_SHARD_COUNT',
    'The same in a Kubernetes Indexed Job: the index counts from 0, the number of shards has to be given.',
  ],
  [
    'SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_COUNT, SLURM_ARRAY_TASK_MIN, SLURM_ARRAY_TASK_MAX, SLURM_ARRAY_TASK_STEP',
    'The same in a Slurm array.',
  ],
  [
    'CI_NODE_INDEX, CI_NODE_TOTAL',
    'The same in CI systems that run one job several times; the index counts from 1.',
  ],
  [
    'NODE_DISABLE_COMPILE_CACHE',
    'If it is set and not empty, nothing is kept in ~/.cache/irqsim, and nothing of it is used.',
  ],
  ['IRQSIM_DEBUG', 'An internal error is shown with its stack.'],
];

export const FILES: readonly (readonly [name: string, about: string])[] = [
  [
    '*.yaml, *.yml, *.json',
    'Machine descriptions: irqsim init writes one, irqsim schema prints their JSON Schema.',
  ],
  ['.irqsim.yaml', 'Project file, here or in a directory above: levels and suppressions of findings.'],
  ['irqsim-capture.tar.gz', 'A captured machine, as irqsim capture names it.'],
  [
    '~/.cache/irqsim',
    'Compiled code of irqsim for quicker starts, below XDG_CACHE_HOME if that is set; it may be deleted at any time.',
  ],
];
