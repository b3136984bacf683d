/** A file that cannot be read; the message names it, the place in it and the way out. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';
}
