export { proved } from '../../src/linux/proof/answer.ts';
export { prove } from '../../src/linux/proof/prove.ts';
export { subjectOf } from '../../src/linux/proof/subject.ts';
