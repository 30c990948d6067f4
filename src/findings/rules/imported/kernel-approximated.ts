/** A kernel of an enterprise distribution: numbered by one release, with code of later ones. */
import { BEHAVIOURS } from '../../../machine/behaviours.ts';
import { enterpriseProfile } from '../../../machine/enterprise.ts';
import { kernelProfile, NEWEST_KERNEL } from '../../../machine/kernel.ts';
import { count, type Rule } from '../rule.ts';

/** Names that are shown. */
const SHOWN = 6;

/** What the newest modelled kernel does otherwise: any of it may have been backported. */
function laterChanges(release: string): string[] {
  const [taken, newest] = [kernelProfile(release), kernelProfile(NEWEST_KERNEL)];
  return BEHAVIOURS.map(({ name }) => name).filter((name) => taken.has(name) !== newest.has(name));
}

export const kernelApproximated: Rule = {
  name: 'kernel-approximated',
  aliases: [],
  level: 'warning',
  summary: 'The kernel has backports that are not known, and is taken as an upstream release near it.',
  explain: [
    'Enterprise distributions number their kernels by the release they were forked from and take over changes of later ones: 4.18.0-N.el8, 5.14.0-N.el9, 6.12.0-N.el10, 5.14.21-150500.N. Which of the modelled changes a build has is in no file of the machine.',
    'Of el8 the spreading of interrupts is measured (4.18.0-348, as 5.10.13); of the others nothing is. A verdict holds as far as the kernel behaves as the release that is taken.',
    'Check: irqsim analyze --kernel 5.14,6.12 INPUT compares releases; where they agree, the answer does not hang on backports. irqsim verify on the machine itself compares with what it shows.',
  ],
  messages: [],
  check({ machine }) {
    const profile = enterpriseProfile(machine.kernel.text);
    if (!profile) return [];
    const later = laterChanges(profile.release);
    const more = later.length > SHOWN ? ' and more' : '';
    return [
      {
        message: `${machine.kernel.text} (${profile.product}) is taken as Linux ${profile.release}: its backports are not known`,
        cause: [
          profile.about,
          `${count(later.length, 'modelled change')} came later and may be in it: ${later.slice(0, SHOWN).join(', ')}${more}`,
        ],
        fix: [
          `irqsim analyze --kernel ${profile.release},${NEWEST_KERNEL} compares both ends: what they agree on holds; irqsim verify on the machine shows the rest`,
        ],
        path: ['kernel'],
      },
    ];
  },
};
