import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';

export const SIDE = 8;
/** A cell that is all ink. */
export const FULL = 16;

/** What the model says of one digit. */
export interface Reading {
  readonly class: string;
  readonly score: number;
  /** For the digits 0 to 9. */
  readonly probabilities: readonly number[];
}

/** Reads 8 × 8 cells, row by row, each 0 to 16. */
export type ReadDigit = (cells: Float32Array) => Promise<Reading>;

export async function openDigitReader(site: string): Promise<ReadDigit> {
  env.wasm.wasmPaths = { wasm: new URL('/onnxruntime.wasm', site).href };
  // Threads need a page that is cross-origin isolated, and this model needs none.
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(new URL('/digits.onnx', site).href);

  return async (cells) => {
    const { probabilities } = await session.run({ cells: new Tensor('float32', cells, [1, SIDE * SIDE]) }, [
      'probabilities',
    ]);
    const shares = Array.from(probabilities?.data ?? [], Number);
    const score = Math.max(...shares);
    return { class: String(shares.indexOf(score)), score, probabilities: shares };
  };
}
