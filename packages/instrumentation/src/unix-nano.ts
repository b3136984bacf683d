/** Milliseconds as OTLP writes times: exact, since nanoseconds of today do not fit a double. */
export function unixNano(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.floor((ms - whole) * 1e6)));
}
