/** Also the version of both scopes that the sketches leave under. */
export const VERSION = '0.1.0';
