export { beginsList, splitterFor, streamSplitter } from '../../src/cli/input/splitting.ts';
