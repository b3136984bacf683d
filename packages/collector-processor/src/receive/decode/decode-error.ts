/** The request is not what its content type says: permanent, so the sender is told 400 and gives it up. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
