export { jsonSchema, zodSchema } from '../../src/machine/zod-fields.ts';
