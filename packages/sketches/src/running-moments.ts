/** Mean and standard deviation of finite values as they come, after Welford. The same values in one order give the same. */
export class RunningMoments {
  rows = 0;
  mean = 0;
  #squares = 0;

  record(x: number): void {
    this.rows++;
    const delta = x - this.mean;
    this.mean += delta / this.rows;
    this.#squares += delta * (x - this.mean);
  }

  /** Of a sample: over one fewer than the rows. */
  get sd(): number {
    return this.rows > 1 ? Math.sqrt(this.#squares / (this.rows - 1)) : 0;
  }
}
