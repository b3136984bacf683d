import { ML_SYSTEM_NAME_VALUE_TENSORFLOW_SERVING } from '@driftline/semantic-conventions';
import type { Prediction } from '../../prediction.ts';
import type { ModelOutputs } from '../model-data.ts';
import { inputColumns, inputInstances, outputColumns, outputInstances } from './instances.ts';
import { parseObject } from './json.ts';
import { defineWireProtocol } from './wire-protocol.ts';

/** https://www.tensorflow.org/tfx/serving/api_rest */
export const tensorflowServing = defineWireProtocol({
  name: 'tensorflow-serving',
  system: ML_SYSTEM_NAME_VALUE_TENSORFLOW_SERVING,
  asks: '`/v1/models/{name}[/versions/{version}|/labels/{label}]:predict`, `:classify`, `:regress`',
  modelAt(path) {
    const [, name, version] =
      /\/v1\/models\/([^/:]+)(?:\/(?:versions|labels)\/([^/:]+))?:(?:predict|classify|regress)$/.exec(path) ?? [];
    if (name === undefined) return undefined;
    return version === undefined ? { name } : { name, version };
  },
  inputs({ body }) {
    const { instances, inputs, examples } = parseObject(body);
    return inputs === undefined ? inputInstances(instances ?? examples) : inputColumns(inputs);
  },
  outputs({ body }) {
    const { predictions, outputs, result } = parseObject(body);
    if (result !== undefined) return results(result);
    return outputs === undefined ? outputInstances(predictions) : outputColumns(outputs);
  },
});

/** Of `:regress` a number an example; of `:classify` its labels, each with its score. */
function results(result: unknown): ModelOutputs {
  if (!Array.isArray(result)) throw new TypeError('result is no array');
  return {
    predictions: result.map((one: unknown) => {
      if (typeof one === 'number') return one;
      if (Array.isArray(one)) return likeliest(one);
      throw new TypeError('a result is neither a number nor an array of labels and scores');
    }),
  };
}

function likeliest(labels: readonly unknown[]): Prediction {
  let best: { readonly class: string; readonly score: number } | undefined;
  for (const one of labels) {
    const [label, score]: readonly unknown[] = Array.isArray(one) ? one : [];
    if (typeof label !== 'string' || typeof score !== 'number') throw new TypeError('a label has no score');
    if (best === undefined || score > best.score) best = { class: label, score };
  }
  if (best === undefined) throw new TypeError('an example has no labels');
  return best;
}
