import type { ModelInputs, ModelOutputs } from '../model-data.ts';
import type { Message } from './message.ts';

/** Everything Driftline knows about one way of asking a model over HTTP: where models are asked, and what is said. */
export interface WireProtocol {
  readonly name: string;
  /** `ml.system.name` of the servers that speak it. */
  readonly system: string;
  /** The path of its requests, in words for the documentation. */
  readonly asks: string;
  /** The model that is asked at a path, without its query; undefined where the path is not of this protocol. */
  modelAt(path: string): RemoteModel | undefined;
  /** Undefined where the body says nothing of features. Throws a TypeError, without values, for what breaks the format. */
  inputs(request: Message): ModelInputs | undefined;
  outputs(response: Message): ModelOutputs | undefined;
}

export interface RemoteModel {
  readonly name: string;
  readonly version?: string;
}

export function defineWireProtocol<const Protocol extends WireProtocol>(protocol: Protocol): Protocol {
  return protocol;
}
