import { ML_SYSTEM_NAME_VALUE_ONNXRUNTIME } from '@driftline/semantic-conventions';
import { defineAutoInstrumentation, type ModelDescription } from './auto-instrumentation.ts';
import type { NamedTensors, Tensor } from './model-data.ts';
import { isRecord } from '../is-record.ts';
import { exported, isObject, prototypeOf } from './module-exports.ts';

/** One class makes the sessions of all of ONNX Runtime's packages, so they are read in one way. */
export const onnxruntime = defineAutoInstrumentation({
  name: 'onnxruntime',
  system: ML_SYSTEM_NAME_VALUE_ONNXRUNTIME,
  watches: '`InferenceSession.run`; a model is named after the file that its session was created from.',
  modules: [
    { name: 'onnxruntime-node', versions: ['>=1.14 <2'] },
    { name: 'onnxruntime-web', versions: ['>=1.14 <2'] },
    // What onnxruntime-node requires: found also where the application imports it past the hooks.
    { name: 'onnxruntime-common', versions: ['>=1.14 <2'] },
  ],
  *patches(exports) {
    const session = exported(exports, 'InferenceSession');
    const prototype = prototypeOf(exports, 'InferenceSession');
    if (!isObject(session) || prototype === undefined) return;
    yield {
      on: session,
      method: 'create',
      made: (created, [source]) => {
        if (isObject(created) && typeof source === 'string') sources.set(created, source);
      },
    };
    yield { on: prototype, method: 'run', describe };
  },
});

/** A model created from bytes has no source. */
const sources = new WeakMap<object, string>();

function describe(session: unknown): ModelDescription {
  return {
    source: isObject(session) ? sources.get(session) : undefined,
    inputNames: namesOf(session),
    inputs: ([feeds]) => ({ tensors: tensorsIn(feeds) }),
    outputs: (results) => ({ tensors: tensorsIn(results) }),
  };
}

function namesOf(session: unknown): readonly string[] | undefined {
  const names: unknown = isObject(session) ? Reflect.get(session, 'inputNames') : undefined;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : undefined;
}

/** Sequences and maps, as scikit-learn's ZipMap makes them, are no tensors. */
function tensorsIn(values: unknown): NamedTensors {
  if (!isRecord(values)) return {};
  return areTensors(values) ? values : Object.fromEntries(Object.entries(values).filter(isTensorEntry));
}

function areTensors(values: Readonly<Record<string, unknown>>): values is NamedTensors {
  for (const name in values) if (!isTensor(values[name])) return false;
  return true;
}

const isTensorEntry = (entry: readonly [string, unknown]): entry is [string, Tensor] => isTensor(entry[1]);

function isTensor(value: unknown): value is Tensor {
  return isObject(value) && 'dims' in value && Array.isArray(value.dims) && 'type' in value && 'data' in value;
}
