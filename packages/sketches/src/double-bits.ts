/** The upper half of a double's bits: sign, 11 bits of exponent, 20 leading bits of the mantissa. */
export function highWordOf(x: number): number {
  double[0] = x;
  return halves[highHalf]!;
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
const highHalf = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;
