import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { valueReader } from '../tensor-values.ts';
import { wireProtocols } from './index.ts';
import { openInferenceProtocol } from './open-inference-protocol.ts';
import { protobufValue } from './protobuf-value.ts';
import { sagemakerInputs, sagemakerOutputs } from './sagemaker-payload.ts';
import { tensorflowServing } from './tensorflow-serving.ts';
import { vertexAiRest } from './vertex-ai.ts';
import type { Message } from './message.ts';

const utf8 = new TextEncoder();

function message(body: unknown, headers: Readonly<Record<string, string>> = {}): Message {
  const bytes = body instanceof Uint8Array ? body : utf8.encode(typeof body === 'string' ? body : JSON.stringify(body));
  return { body: bytes, header: (name) => headers[name] };
}

describe('paths', () => {
  it.each([
    ['/v2/models/fraud/infer', 'open-inference-protocol', { name: 'fraud' }],
    ['/seldon/prod/v2/models/fraud/versions/7/infer', 'open-inference-protocol', { name: 'fraud', version: '7' }],
    ['/v1/models/fares:predict', 'tensorflow-serving', { name: 'fares' }],
    ['/v1/models/fares/versions/3:classify', 'tensorflow-serving', { name: 'fares', version: '3' }],
    ['/v1/models/fares/labels/canary:regress', 'tensorflow-serving', { name: 'fares', version: 'canary' }],
    ['/v1/projects/p/locations/l/endpoints/47:predict', 'vertex-ai', { name: '47' }],
  ])('%s asks a model', (path, protocol, model) => {
    const asked = wireProtocols.flatMap((one) => {
      const found = one.modelAt(path);
      return found === undefined ? [] : [[one.name, found]];
    });
    expect(asked).toEqual([[protocol, model]]);
  });

  it.each([
    ['/v2/models/fraud'],
    ['/v2/models/fraud/ready'],
    ['/v2/models/fraud/infer/stream'],
    ['/v2/health/ready'],
    ['/v1/models/fares'],
    ['/v1/models/fares/metadata'],
    ['/v1/chat/completions'],
    ['/'],
  ])('%s asks none', (path) => {
    expect(wireProtocols.map((one) => one.modelAt(path))).toEqual([undefined, undefined, undefined]);
  });
});

describe('Open Inference Protocol', () => {
  it('reads flat and nested data alike', () => {
    const nested = {
      name: 'X',
      shape: [2, 2],
      datatype: 'FP64',
      data: [
        [39, 13],
        [50, 40],
      ],
    };
    const tensor = { type: 'float64', dims: [2, 2], data: [39, 13, 50, 40] };
    expect(openInferenceProtocol.inputs(message({ inputs: [nested] }))).toEqual({ tensors: { X: tensor } });
    const flat = { ...nested, data: [39, 13, 50, 40] };
    expect(openInferenceProtocol.outputs(message({ outputs: [flat] }))).toEqual({ tensors: { X: tensor } });
  });

  it('reads what MLServer answers', () => {
    const answer =
      '{"model_name":"hiring","model_version":"3","id":"4fdd5c8d","parameters":{},"outputs":[{"name":"predict","shape":[2,1],' +
      '"datatype":"INT64","parameters":{"content_type":"np"},"data":[0,1]}]}';
    expect(openInferenceProtocol.outputs(message(answer))).toEqual({
      tensors: { predict: { type: 'int64', dims: [2, 1], data: [0, 1] } },
    });
  });

  it('leaves out what is in shared memory', () => {
    const shared = { name: 'Y', shape: [1], datatype: 'FP32', parameters: { shared_memory_region: 'out' } };
    expect(openInferenceProtocol.outputs(message({ outputs: [shared] }))).toEqual({ tensors: {} });
  });

  it('reads binary tensors of every type in the order of their sizes', () => {
    fc.assert(
      fc.property(fc.array(binaryTensor(), { minLength: 1, maxLength: 5 }), (tensors) => {
        const head = tensors.map(({ datatype, values, bytes }, at) => ({
          name: `t${at}`,
          shape: [values.length],
          datatype,
          parameters: { binary_data_size: bytes.length },
        }));
        const json = utf8.encode(JSON.stringify({ inputs: head }));
        const body = Uint8Array.from([...json, ...tensors.flatMap(({ bytes }) => [...bytes])]);
        const read = openInferenceProtocol.inputs(
          message(body, { 'inference-header-content-length': String(json.length) }),
        );
        tensors.forEach(({ values }, at) => {
          const tensor = read.tensors[`t${at}`];
          expect(tensor && values.map((_, index) => valueReader(tensor)(index))).toEqual(values);
        });
      }),
    );
  });

  it.each([
    ['cut off', { binary_data_size: 16 }, 8],
    ['negative', { binary_data_size: -8 }, 8],
    ['no whole number', { binary_data_size: 7 }, 7],
    ['of another size than its shape', { binary_data_size: 16 }, 16],
  ])('refuses a binary tensor that is %s', (_, parameters, length) => {
    const json = utf8.encode(JSON.stringify({ inputs: [{ name: 'X', shape: [1], datatype: 'FP64', parameters }] }));
    const body = Uint8Array.from([...json, ...new Uint8Array(length)]);
    const headers = { 'inference-header-content-length': String(json.length) };
    expect(() => openInferenceProtocol.inputs(message(body, headers))).toThrow(TypeError);
  });
});

describe('TensorFlow Serving', () => {
  it('reads the row format', () => {
    expect(
      tensorflowServing.inputs(
        message({
          instances: [
            [1, 2],
            [3, 4],
          ],
        }),
      ),
    ).toEqual({
      tensors: { inputs: { type: 'float64', dims: [2, 2], data: [1, 2, 3, 4] } },
    });
    expect(tensorflowServing.inputs(message({ instances: [{ age: [39], state: 'CA' }] }))).toEqual({
      rows: [{ age: 39, state: 'CA' }],
    });
    expect(
      tensorflowServing.inputs(
        message({
          instances: [
            { tag: 'a', signal: [1, 2] },
            { tag: 'b', signal: [3, 4] },
          ],
        }),
      ),
    ).toEqual({
      tensors: {
        tag: { type: 'string', dims: [2], data: ['a', 'b'] },
        signal: { type: 'float64', dims: [2, 2], data: [1, 2, 3, 4] },
      },
    });
  });

  it('reads the column format', () => {
    expect(tensorflowServing.inputs(message({ inputs: { age: [[39], [50]] } }))).toEqual({
      tensors: { age: { type: 'float64', dims: [2, 1], data: [39, 50] } },
    });
    expect(tensorflowServing.outputs(message({ outputs: [[0.2], [0.9]] }))).toEqual({
      tensors: { outputs: { type: 'float64', dims: [2, 1], data: [0.2, 0.9] } },
    });
  });

  it('reads the likeliest class of classify and the values of regress', () => {
    expect(
      tensorflowServing.outputs(
        message({
          result: [
            [
              ['cat', 0.2],
              ['dog', 0.8],
            ],
          ],
        }),
      ),
    ).toEqual({
      predictions: [{ class: 'dog', score: 0.8 }],
    });
    expect(tensorflowServing.outputs(message({ result: [1.5, 2.5] }))).toEqual({ predictions: [1.5, 2.5] });
  });

  it('refuses rows of different lengths', () => {
    expect(() => tensorflowServing.inputs(message({ instances: [[1, 2], [3]] }))).toThrow(/differ in length/);
  });
});

describe('SageMaker', () => {
  const csv = { 'content-type': 'text/csv' };
  const json = { 'content-type': 'application/json' };

  it('reads CSV', () => {
    expect(sagemakerInputs(message('39,13\r\n50,40\r\n', csv))).toEqual({
      tensors: { inputs: { type: 'float64', dims: [2, 2], data: [39, 13, 50, 40] } },
    });
  });

  it('reads JSON lines', () => {
    const lines = '{"score":0.1,"predicted_label":0}\n{"score":0.9,"predicted_label":1}\n';
    expect(sagemakerOutputs(message(lines, { 'content-type': 'application/jsonlines' }))).toEqual({
      predictions: [
        { class: '0', score: 0.1 },
        { class: '1', score: 0.9 },
      ],
    });
  });

  it('reads texts of Hugging Face, tensors of Triton and bare arrays', () => {
    expect(sagemakerInputs(message({ inputs: 'fine' }, json))).toEqual({ texts: ['fine'] });
    expect(sagemakerOutputs(message([{ label: 'POSITIVE', score: 0.9 }], json))).toEqual({
      predictions: [{ class: 'POSITIVE', score: 0.9 }],
    });
    const tensor = { name: 'X', shape: [1], datatype: 'FP32', data: [2] };
    expect(sagemakerInputs(message({ inputs: [tensor] }, json))).toEqual({
      tensors: { X: { type: 'float32', dims: [1], data: [2] } },
    });
    expect(sagemakerOutputs(message([0.1, 0.9], json))).toMatchObject({ tensors: { outputs: { data: [0.1, 0.9] } } });
  });

  it('leaves other formats alone', () => {
    expect(sagemakerInputs(message('x', { 'content-type': 'image/png' }))).toBeUndefined();
    expect(sagemakerOutputs(message('x'))).toBeUndefined();
  });
});

describe('Vertex AI', () => {
  it('reads instances and predictions', () => {
    expect(vertexAiRest.inputs(message({ instances: [{ amount: 3 }] }))).toEqual({ rows: [{ amount: 3 }] });
    expect(vertexAiRest.outputs(message({ predictions: [0.5], deployedModelId: '1' }))).toEqual({
      tensors: { outputs: { type: 'float64', dims: [1], data: [0.5] } },
    });
  });

  it('reads any JSON from protobuf values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(protobufValue(asProtobuf(value))).toEqual(value);
      }),
    );
  });
});

/** A TypeError or an answer, whatever comes; and no error repeats what came. */
describe('anything', () => {
  const secret = 'planted-4711';
  const readers = [
    ...wireProtocols.flatMap((protocol) => [
      (said: Message) => protocol.inputs(said),
      (said: Message) => protocol.outputs(said),
    ]),
    sagemakerInputs,
    sagemakerOutputs,
  ] as const;
  const contentTypes = ['application/json', 'text/csv', 'application/jsonlines', 'image/png'];

  function expectAnswerOrTypeError(said: Message): void {
    for (const read of readers) {
      try {
        read(said);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).not.toContain(secret);
      }
    }
  }

  it('that is JSON is read or refused', () => {
    const names = [
      'inputs',
      'outputs',
      'instances',
      'predictions',
      'result',
      'examples',
      'score',
      'b64',
      'data',
      'shape',
    ];
    const leaf = fc.oneof(
      fc.double(),
      fc.constant(secret),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('FP32', 'INT8'),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...names, 'name', 'datatype', 'parameters', 'binary_data_size'), tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), tree), fc.constantFrom(...contentTypes), (body, type) => {
        expectAnswerOrTypeError(message(body, { 'content-type': type }));
      }),
      { numRuns: 500 },
    );
  });

  it('that is bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(40), fc.constantFrom(...contentTypes), (body, length, type) => {
        const headers = { 'content-type': type, 'inference-header-content-length': String(length) };
        expectAnswerOrTypeError(message(body, headers));
        expectAnswerOrTypeError(message(`{"inputs": ${secret}`, headers));
      }),
    );
  });

  it('that is nested without end is refused', () => {
    expectAnswerOrTypeError(message(`{"instances":${'['.repeat(20_000)}${']'.repeat(20_000)}}`));
    expect(() => tensorflowServing.inputs(message(`{"inputs":${'['.repeat(17)}1${']'.repeat(17)}}`))).toThrow(
      /deeper than 16/,
    );
  });
});

interface BinaryTensor {
  readonly datatype: string;
  readonly values: readonly unknown[];
  readonly bytes: Uint8Array;
}

/** Values, and how the protocol writes them. */
function binaryTensor(): fc.Arbitrary<BinaryTensor> {
  const of = <Value>(
    datatype: string,
    value: fc.Arbitrary<Value>,
    size: number,
    write: (view: DataView, at: number, value: Value) => void,
  ): fc.Arbitrary<BinaryTensor> =>
    fc.array(value, { maxLength: 8 }).map((values) => {
      const view = new DataView(new ArrayBuffer(values.length * size));
      values.forEach((one, at) => write(view, at * size, one));
      return { datatype, values, bytes: new Uint8Array(view.buffer) };
    });
  const safe = fc.maxSafeInteger();
  return fc.oneof(
    of('BOOL', fc.boolean(), 1, (view, at, value) => view.setUint8(at, Number(value))),
    of('INT8', fc.integer({ min: -128, max: 127 }), 1, (view, at, value) => view.setInt8(at, value)),
    of('UINT16', fc.nat(65_535), 2, (view, at, value) => view.setUint16(at, value, true)),
    of('INT32', fc.integer(), 4, (view, at, value) => view.setInt32(at, value, true)),
    of('INT64', safe, 8, (view, at, value) => view.setBigInt64(at, BigInt(value), true)),
    of('FP16', fc.constantFrom(0, 1, -2, 0.5, 65_504, 2 ** -24, Infinity, NaN), 2, (view, at, value) =>
      view.setUint16(at, halfBits.get(value) ?? 0, true),
    ),
    of('BF16', fc.constantFrom(1, -2, 0.5, 2 ** 100), 2, (view, at, value) => {
      const whole = new DataView(new ArrayBuffer(4));
      whole.setFloat32(0, value);
      view.setUint16(at, whole.getUint16(0), true);
    }),
    of('FP32', fc.float(), 4, (view, at, value) => view.setFloat32(at, value, true)),
    of('FP64', fc.double(), 8, (view, at, value) => view.setFloat64(at, value, true)),
    fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 }).map((values) => ({
      datatype: 'BYTES',
      values,
      bytes: Uint8Array.from(
        values.flatMap((text) => {
          const bytes = utf8.encode(text);
          const length = new Uint8Array(Uint32Array.of(bytes.length).buffer);
          return [...length, ...bytes];
        }),
      ),
    })),
  );
}

/** IEEE 754 binary16, by hand. */
const halfBits = new Map([
  [0, 0x0000],
  [1, 0x3c00],
  [-2, 0xc000],
  [0.5, 0x3800],
  [65_504, 0x7bff],
  [2 ** -24, 0x0001],
  [Infinity, 0x7c00],
  [NaN, 0x7e00],
]);

function asProtobuf(value: unknown): unknown {
  if (Array.isArray(value)) return { listValue: { values: value.map(asProtobuf) } };
  if (typeof value === 'object' && value !== null) {
    return {
      structValue: { fields: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asProtobuf(one)])) },
    };
  }
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { nullValue: 'NULL_VALUE' };
}
