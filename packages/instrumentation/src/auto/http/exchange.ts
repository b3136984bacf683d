import type { ModelInputs, ModelOutputs } from '../model-data.ts';
import type { Interceptor } from '../patched-module.ts';
import { wireProtocols } from '../wire/index.ts';
import type { Message } from '../wire/message.ts';
import type { RemoteModel, WireProtocol } from '../wire/wire-protocol.ts';

export interface AskedModel {
  readonly protocol: WireProtocol;
  readonly model: RemoteModel;
}

/** Undefined where a request asks no model: every request of the process comes by here. `url` may be its path alone. */
export function askedModel(method: string, url: string): AskedModel | undefined {
  if (method.toUpperCase() !== 'POST') return undefined;
  const path = /^[^?#]*/.exec(url)?.[0] ?? '';
  for (const protocol of wireProtocols) {
    const model = protocol.modelAt(path);
    if (model !== undefined) return { protocol, model };
  }
  return undefined;
}

interface ExchangeParts extends AskedModel {
  readonly url: URL;
  /** Sends the request; runs in the context of the call. */
  readonly send: (exchange: Exchange) => Promise<Answer>;
  /** What was sent; undefined for streams and long bodies. Asked when the model has answered. */
  readonly sent: () => Message | undefined;
}

/** One request to a model and its answer, whichever client sends it. */
export class Exchange {
  readonly model: RemoteModel;
  readonly protocol: WireProtocol;
  readonly url: URL;
  readonly send: (exchange: Exchange) => Promise<Answer>;
  /** Whether somebody will read the answer. */
  isAnswerKept = false;
  readonly #sent: () => Message | undefined;
  #inputs: { readonly read: ModelInputs | undefined } | undefined;

  constructor({ model, protocol, url, send, sent }: ExchangeParts) {
    this.model = model;
    this.protocol = protocol;
    this.url = url;
    this.send = send;
    this.#sent = sent;
  }

  /** As a call of a method whose one argument is the exchange. */
  goThrough(intercept: Interceptor): void {
    const call: Promise<unknown> = Reflect.apply(intercept, undefined, [sendExchange, undefined, [this]]);
    call.catch(() => {
      // Told by the monitor, and to the application by its own client.
    });
  }

  /** Read once, however often they are asked for. */
  inputs(): ModelInputs | undefined {
    if (this.#inputs === undefined) {
      this.#inputs = { read: undefined };
      const request = this.#sent();
      this.#inputs = { read: request && this.protocol.inputs(request) };
    }
    return this.#inputs.read;
  }

  async outputs(answer: unknown): Promise<ModelOutputs | undefined> {
    const response = isAnswer(answer) ? await answer.message : undefined;
    return response && this.protocol.outputs(response);
  }
}

async function sendExchange(exchange: Exchange): Promise<Answer> {
  return exchange.send(exchange);
}

/** The head of a successful response. */
export interface Answer {
  /** Its body, when it has arrived; undefined where it is not kept: nobody asks, it is no data, or too long. */
  readonly message: Promise<Message | undefined>;
}

export const unreadAnswer: Answer = { message: Promise.resolve(undefined) };

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'message' in value;
}

/** How a model's server says that it failed; `error.type` is the status. */
export class RefusedByServer extends Error {
  override readonly name = 'RefusedByServer';
  readonly code: string;

  constructor(status: number) {
    super(`the model's server answered ${status}`);
    this.code = String(status);
  }
}

export function expectSuccess(status: number | undefined): void {
  if (status !== undefined && status >= 400) throw new RefusedByServer(status);
}
