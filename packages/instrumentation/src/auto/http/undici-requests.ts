import { context } from '@opentelemetry/api';
import { isInRemoteCall } from '../../enclosing-call.ts';
import type { Message } from '../wire/message.ts';
import { BodyCollector, bytesOf, isReadable } from './body.ts';
import { channelSource, isUnwatched, type Teller } from './channel-source.ts';
import { type Answer, type AskedModel, askedModel, Exchange, expectSuccess, unreadAnswer } from './exchange.ts';
import { isInsideFetch } from './fetch-requests.ts';
import { lookAt } from './look-at.ts';
import { addTraceHeaders, traceOf } from './trace-headers.ts';

/** Of every copy of undici, whichever of its functions, agents and pools sends them; of `fetch` it has the trace go on. */
export const undiciRequests = channelSource({
  'undici:request:create': (message, teller) => {
    const request = requestOf(message);
    if (request === undefined) return;
    const asked = isInsideFetch() ? undefined : askedModel(request.method, request.path);
    if (asked !== undefined) watch(request, asked, teller);
    else if (isInsideFetch() || isInRemoteCall(context.active())) continueTrace(request, teller);
  },
  'undici:request:headers': (message) => {
    const response = property(message, 'response');
    if (isResponse(response)) pendingOf(message)?.by(response);
  },
  // Before 7.11 nobody tells of chunks: answers stay unread.
  'undici:request:bodyChunkReceived': (message) => pendingOf(message)?.chunk(property(message, 'chunk')),
  'undici:request:trailers': (message) => pendingOf(message)?.ended(),
  'undici:request:error': (message) => pendingOf(message)?.failed(property(message, 'error')),
});

/** What undici's channels tell of. */
interface UndiciRequest {
  readonly method: string;
  readonly path: string;
  readonly origin: string | URL;
  readonly body: unknown;
  /** Names and values by turns. */
  readonly headers: unknown[];
  addHeader(name: string, value: string): unknown;
}

interface UndiciResponse {
  readonly statusCode: number;
  /** Names and values by turns. */
  readonly headers: readonly Uint8Array[];
}

class PendingAnswer {
  readonly #exchange: Exchange;
  readonly #answer = Promise.withResolvers<Answer>();
  readonly #isComplete = Promise.withResolvers<boolean>();
  #body: BodyCollector | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get promise(): Promise<Answer> {
    return this.#answer.promise;
  }

  by({ statusCode, headers }: UndiciResponse): void {
    // Before the answer come such as 103 Early Hints.
    if (statusCode < 200) return;
    try {
      expectSuccess(statusCode);
      this.#answer.resolve(this.#exchange.isAnswerKept ? this.#answerWith(headers) : unreadAnswer);
    } catch (error) {
      this.#answer.reject(error);
    }
  }

  chunk(chunk: unknown): void {
    this.#body?.add(chunk);
  }

  ended(): void {
    this.#isComplete.resolve(true);
  }

  failed(error: unknown): void {
    this.#isComplete.resolve(false);
    this.#answer.reject(error);
  }

  #answerWith(headers: UndiciResponse['headers']): Answer {
    const header = (name: string): string | undefined => valueOf(headers, name);
    if (!isReadable(header)) return unreadAnswer;
    const body = new BodyCollector();
    this.#body = body;
    return { message: this.#isComplete.promise.then((whole) => (whole ? body.message(header) : undefined)) };
  }
}

const pending = new WeakMap<object, PendingAnswer>();

function watch(request: UndiciRequest, asked: AskedModel, teller: Teller): void {
  if (!isUnwatched(request)) return;
  const send = (exchange: Exchange): Promise<Answer> => {
    const answer = new PendingAnswer(exchange);
    pending.set(request, answer);
    continueTrace(request, teller);
    return answer.promise;
  };
  const sent = (): Message | undefined => {
    const body = bytesOf(request.body);
    return body && { body, header: (name) => valueOf(request.headers, name) };
  };
  const exchange = new Exchange({ ...asked, url: new URL(request.path, request.origin), send, sent });
  const header = (name: string): string | undefined => valueOf(request.headers, name);
  context.with(traceOf(header), () => exchange.goThrough(teller.intercept));
}

/**
 * OpenTelemetry's own instrumentation of undici adds its headers without looking whether there are any, and two
 * `traceparent` are as bad as none: its own stays, and we come after it from then on, to be part of its trace.
 */
function continueTrace(request: UndiciRequest, teller: Teller): void {
  const ours = new Set<string>();
  addTraceHeaders({
    has: (name) => valueOf(request.headers, name) !== undefined,
    set: (name, value) => {
      request.addHeader(name, value);
      ours.add(name);
    },
  });
  if (ours.size === 0) return;
  lookAt(request, 'addHeader', ([name]) => {
    if (typeof name !== 'string' || !ours.delete(name.toLowerCase())) return;
    removeHeader(request.headers, name);
    teller.comeLast();
  });
}

function removeHeader(headers: unknown[], name: string): void {
  const at = indexOf(headers, name);
  if (at >= 0) headers.splice(at, 2);
}

function valueOf(headers: readonly unknown[], name: string): string | undefined {
  const at = indexOf(headers, name);
  return at < 0 ? undefined : textOf(headers[at + 1]);
}

function indexOf(headers: readonly unknown[], name: string): number {
  return headers.findIndex((header, at) => at % 2 === 0 && textOf(header).toLowerCase() === name.toLowerCase());
}

const utf8 = new TextDecoder();

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? utf8.decode(value) : String(value);
}

function pendingOf(message: object): PendingAnswer | undefined {
  const request = property(message, 'request');
  return typeof request === 'object' && request !== null ? pending.get(request) : undefined;
}

function requestOf(message: object): UndiciRequest | undefined {
  const request = property(message, 'request');
  return isRequest(request) ? request : undefined;
}

function isRequest(value: unknown): value is UndiciRequest {
  if (typeof property(value, 'method') !== 'string' || typeof property(value, 'path') !== 'string') return false;
  return Array.isArray(property(value, 'headers')) && typeof property(value, 'addHeader') === 'function';
}

function isResponse(value: unknown): value is UndiciResponse {
  return typeof property(value, 'statusCode') === 'number' && Array.isArray(property(value, 'headers'));
}

function property(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined;
}
