/** The `saxes` package, as a module of its own so that it is loaded only where there is XML to read. */
export { SaxesParser } from 'saxes';
