export { PRODUCTS, READERS } from '../../src/formats/products.ts';
