/** The `xz-decompress` package, as a module of its own so that it is loaded only for .xz archives. */
export { XzReadableStream } from 'xz-decompress';
