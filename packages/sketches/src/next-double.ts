/** The largest double below x. `-Infinity` and NaN have none and come back as they are. */
export function nextDown(x: number): number {
  return -nextUp(-x);
}

/** The smallest double above x. `Infinity` and NaN have none and come back as they are. */
export function nextUp(x: number): number {
  if (!(x < Infinity)) return x;
  if (x === 0) return Number.MIN_VALUE;
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + (x > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

const view = new DataView(new ArrayBuffer(8));
