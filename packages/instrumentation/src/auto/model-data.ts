import type { Prediction } from '../prediction.ts';

/** What went into a call, by what it is: a call may have text and image. Read only where a profile or the settings ask. */
export interface ModelInputs {
  readonly tensors?: NamedTensors;
  /** Features by name already, one object a row. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly texts?: readonly string[];
  readonly images?: readonly Image[];
}

export interface ModelOutputs {
  readonly tensors?: NamedTensors;
  readonly predictions?: readonly Prediction[];
}

export type NamedTensors = Readonly<Record<string, Tensor>>;

/** Row-major; the leading dimension is the batch. */
export interface Tensor {
  /** `float32`, `int64`, `string`, ... */
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<unknown>;
}

export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 is RGB, 4 is RGBA. */
  readonly channels: number;
  /** Rows of pixels, each with its channels one after the other, 0 to 255. */
  readonly data: ArrayLike<number>;
}
