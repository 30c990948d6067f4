export { native } from '../../src/formats/native/reader.ts';
