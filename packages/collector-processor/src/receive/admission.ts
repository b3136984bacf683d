/**
 * A budget of bytes for requests in flight, decompressed and until they are committed: memory is refused before it is
 * taken. Up to half the budget the first to come is served; above it no tenant gets more than an equal share of the whole.
 */
export class Admission {
  readonly #budget: number;
  readonly #held = new Map<string, number>();
  #total = 0;

  constructor(options: { readonly budgetBytes: number }) {
    this.#budget = options.budgetBytes;
  }

  /** Undefined when there is no room now. `expectedBytes` is what is known before reading: the Content-Length. */
  admit(tenant: string, expectedBytes: number): Lease | undefined {
    let covered = 0;
    const cover = (bytes: number): boolean => {
      if (bytes > covered) {
        if (!this.#hasRoom(tenant, bytes - covered)) return false;
        this.#add(tenant, bytes - covered);
        covered = bytes;
      }
      return true;
    };
    const release = (): void => {
      this.#add(tenant, -covered);
      covered = 0;
    };
    return cover(expectedBytes) ? { cover, release } : undefined;
  }

  get bytesInFlight(): number {
    return this.#total;
  }

  #hasRoom(tenant: string, more: number): boolean {
    const total = this.#total + more;
    if (total > this.#budget) return false;
    if (total <= this.#budget / 2) return true;
    const held = this.#held.get(tenant) ?? 0;
    const tenants = this.#held.size + (held === 0 ? 1 : 0);
    return held + more <= this.#budget / tenants;
  }

  #add(tenant: string, bytes: number): void {
    const held = (this.#held.get(tenant) ?? 0) + bytes;
    if (held === 0) this.#held.delete(tenant);
    else this.#held.set(tenant, held);
    this.#total += bytes;
  }
}

export interface Lease {
  /** Makes sure that so many bytes in all are covered; false when they cannot be. */
  cover(bytes: number): boolean;
  release(): void;
}
