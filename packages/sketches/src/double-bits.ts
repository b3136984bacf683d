/** One double and the two halves of its bits, for looking into it without allocating. */
export const double = new Float64Array(1);
export const halves = new Int32Array(double.buffer);
/** Where the half with sign, exponent and leading mantissa bits is: 1 on all but a few machines. */
export const highHalf = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Sign, 11 bits of exponent and the 20 leading bits of the mantissa; ordered as positive doubles are. */
export function highWordOf(x: number): number {
  double[0] = x;
  return halves[highHalf]!;
}
