/** Where the page of a rule is on a site that `npm run docs` made; `docs` is its address without a stroke at the end. */
export const rulePage = (docs: string, name: string): string => `${docs}/docs/rules/${name}.html`;
