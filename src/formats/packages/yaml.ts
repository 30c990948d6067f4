/** The `yaml` package, as a module of its own so that it is loaded only where there is YAML to read or write. */
export {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  parseAllDocuments,
  parseDocument,
  stringify,
} from 'yaml';
