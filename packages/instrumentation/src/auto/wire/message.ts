/** A body and what its headers say of it. */
export interface Message {
  readonly body: Uint8Array;
  /** Undefined where there is no such header. */
  readonly header: (name: string) => string | undefined;
}
