import type { ModelInputs, ModelOutputs } from '../model-data.ts';
import { inputColumns, inputInstances, outputColumns, outputInstances } from './instances.ts';
import { isObject, mediaType, parseJson } from './json.ts';
import { openInferenceProtocol } from './open-inference-protocol.ts';
import type { Message } from './message.ts';

/**
 * What the containers of SageMaker take and give, which the endpoint leaves to them: JSON in the row or column format of
 * TensorFlow Serving or of the Open Inference Protocol, JSON lines, CSV, and Triton's binary tensors.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
 */
export function sagemakerInputs(request: Message): ModelInputs | undefined {
  if (isTriton(request)) return openInferenceProtocol.inputs(asTriton(request));
  const said = contentOf(request);
  if (said === undefined || Array.isArray(said)) return said && inputInstances(said);
  const { instances, inputs } = isObject(said) ? said : {};
  if (isOfTensors(inputs)) return openInferenceProtocol.inputs(request);
  if (inputs === undefined) return inputInstances(instances);
  const texts = Array.isArray(inputs) ? inputs : [inputs];
  return texts.every((text) => typeof text === 'string') ? { texts } : inputColumns(inputs);
}

export function sagemakerOutputs(response: Message): ModelOutputs | undefined {
  if (isTriton(response)) return openInferenceProtocol.outputs(asTriton(response));
  const said = contentOf(response);
  if (said === undefined || Array.isArray(said)) return said && outputInstances(said);
  if (!isObject(said)) return outputInstances([said]);
  const { predictions, outputs } = said;
  if (isOfTensors(outputs)) return openInferenceProtocol.outputs(response);
  return outputs === undefined ? outputInstances(predictions) : outputColumns(outputs);
}

/** Of CSV and JSON lines the lines. Undefined where the format is one that nobody here reads. */
function contentOf(message: Message): unknown {
  switch (mediaType(message)) {
    case 'application/json':
      return parseJson(message.body);
    case 'application/jsonlines':
      return linesOf(message).map(parseJson);
    case 'text/csv':
      return linesOf(message).map((line) => line.split(',').map(cell));
    default:
      return undefined;
  }
}

const utf8 = new TextDecoder();

function linesOf({ body }: Message): readonly string[] {
  return utf8
    .decode(body)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

function cell(text: string): number | string | null {
  const value = text.trim();
  const number = Number(value);
  return value === '' ? null : Number.isNaN(number) ? value : number;
}

function isOfTensors(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && 'datatype' in one);
}

const TRITON = /^application\/vnd\.sagemaker-triton\.binary\+json;\s*json-header-size=(\d+)/i;

const isTriton = ({ header }: Message): boolean => TRITON.test(header('content-type') ?? '');

/** SageMaker passes no headers on, so that the content type says where the JSON ends. */
function asTriton({ body, header }: Message): Message {
  const [, size] = TRITON.exec(header('content-type') ?? '') ?? [];
  return { body, header: (name) => (name === 'inference-header-content-length' ? size : header(name)) };
}
