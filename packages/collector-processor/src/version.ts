/** Of this package, as in package.json: the version of the scope of everything published. */
export const version = '0.1.0';
