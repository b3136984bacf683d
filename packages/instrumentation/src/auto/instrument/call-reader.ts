import type { FeatureRow } from '../../call-mappers.ts';
import { textFeatures } from '../../text-features.ts';
import { imageFeatures } from '../image-features.ts';
import type { ModelInputs, ModelOutputs, NamedTensors } from '../model-data.ts';
import { boundRows, rowsOfNamedTensors, tensorRows } from '../tensor-features.ts';
import { tensorPredictions } from '../tensor-predictions.ts';
import { batchOf } from '../tensor-values.ts';
import type { ModelSettings } from './model-settings.ts';

type Rows = FeatureRow | readonly FeatureRow[] | undefined;

/** Turns what a library hands around into features and predictions, as the user's settings of the model say. */
export class CallReader {
  readonly #settings: ModelSettings;
  readonly #kindOf: (feature: string) => string | undefined;
  readonly #features: readonly string[];

  constructor(settings: ModelSettings) {
    const { profile } = settings;
    this.#settings = settings;
    this.#features = Object.keys(profile?.features ?? {});
    this.#kindOf = (feature) => profile?.features[feature]?.kind;
  }

  features(inputs: ModelInputs): Rows {
    const { config, binding } = this.#settings;
    if (config?.features !== undefined) return config.features(inputs);
    const { tensors, rows, texts, images } = inputs;
    if (tensors !== undefined && binding !== undefined && boundRows(tensors, binding, this.#kindOf) > 0) {
      return tensorRows(tensors, binding, this.#kindOf);
    }
    const parts = [
      rows,
      tensors && rowsOfNamedTensors(tensors, this.#features, this.#kindOf),
      texts && this.#known(texts.map(textFeatures)),
      images && this.#known(images.map(imageFeatures)),
    ].filter((part) => part !== undefined);
    return merged(parts);
  }

  /** Where nobody could read the inputs, as those of a stream, the answer itself tells of how many rows it is. */
  predictions(outputs: ModelOutputs, inputs: ModelInputs | undefined): unknown {
    const { config, binding } = this.#settings;
    const { tensors, predictions } = outputs;
    if (config?.prediction !== undefined) return config.prediction(outputs);
    if (predictions !== undefined) return predictions;
    if (tensors === undefined || binding === undefined) return undefined;
    return tensorPredictions(
      tensors,
      binding,
      inputs === undefined ? leadingDimension(tensors) : this.batchSize(inputs),
    );
  }

  batchSize({ tensors, rows, texts, images }: ModelInputs): number {
    const { binding } = this.#settings;
    const items = rows ?? texts ?? images;
    if (items !== undefined) return items.length;
    if (tensors === undefined) return 1;
    return (binding && boundRows(tensors, binding, this.#kindOf)) || leadingDimension(tensors);
  }

  /** What a profile does not list would count as unexpected, though nobody sent it. */
  #known(rows: readonly FeatureRow[]): readonly FeatureRow[] | undefined {
    if (this.#settings.profile === undefined) return rows;
    const known = this.#features.filter((feature) => rows[0] !== undefined && feature in rows[0]);
    if (known.length === 0) return undefined;
    return rows.map((row) => Object.fromEntries(known.map((feature) => [feature, row[feature]])));
  }
}

/** The parts of a call side by side, where they have the same rows; else the first of them. */
function merged([first, ...others]: readonly (readonly FeatureRow[])[]): Rows {
  if (first === undefined) return undefined;
  const alike = others.filter(({ length }) => length === first.length);
  if (alike.length === 0) return first;
  return first.map((row, index) => Object.assign({}, row, ...alike.map((part) => part[index])));
}

/** Of a matrix or larger, if there is any: scalars and vectors are often settings. */
function leadingDimension(tensors: NamedTensors): number {
  const all = Object.values(tensors);
  const batch = all.find(({ dims }) => dims.length > 1) ?? all[0];
  return batch === undefined ? 1 : batchOf(batch);
}
