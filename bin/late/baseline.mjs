export { draftFor, loadBaseline, writeBaseline } from '../../src/cli/project/baseline-file.ts';
