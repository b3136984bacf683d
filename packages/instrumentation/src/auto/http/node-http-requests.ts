import type { ClientRequest, IncomingMessage } from 'node:http';
import { context } from '@opentelemetry/api';
import { isInRemoteCall } from '../../enclosing-call.ts';
import type { Interceptor } from '../patched-module.ts';
import type { Message } from '../wire/message.ts';
import { BodyCollector, isReadable } from './body.ts';
import { channelSource, isUnwatched } from './channel-source.ts';
import { type Answer, type AskedModel, askedModel, Exchange, expectSuccess, unreadAnswer } from './exchange.ts';
import { lookAt } from './look-at.ts';
import { http } from './runtime.ts';
import { addTraceHeaders } from './trace-headers.ts';

/** Of `node:http` and `node:https`, and so of axios, got and AWS's clients. */
export const nodeHttpRequests = channelSource({
  'http.client.request.created': (message, { intercept }) => {
    const request = requestOf(message);
    if (request === undefined) return;
    const asked = askedModel(request.method, request.path);
    if (asked !== undefined) watch(request, asked, intercept);
    else if (isInRemoteCall(context.active())) continueTrace(request);
  },
  // Named after the end, but published with the head.
  'http.client.response.finish': (message) => {
    const request = requestOf(message);
    const answer = request && answers.get(request);
    if (answer !== undefined && 'response' in message && isResponse(message.response)) answer.by(message.response);
  },
  'http.client.request.error': (message) => {
    const request = requestOf(message);
    if (request !== undefined && 'error' in message) answers.get(request)?.failed(message.error);
  },
});

const answers = new WeakMap<ClientRequest, PendingAnswer>();

function watch(request: ClientRequest, asked: AskedModel, intercept: Interceptor): void {
  if (!isUnwatched(request)) return;
  const sent = sentBy(request);
  const send = (exchange: Exchange): Promise<Answer> => {
    const answer = new PendingAnswer(exchange);
    answers.set(request, answer);
    request.once('close', () => answer.closed());
    continueTrace(request);
    return answer.promise;
  };
  const url = new URL(request.path, `${request.protocol}//${headerText(request.getHeader('host')) ?? request.host}`);
  new Exchange({ ...asked, url, send, sent }).goThrough(intercept);
}

function continueTrace(request: ClientRequest): void {
  if (request.headersSent) return;
  addTraceHeaders({
    has: (name) => request.hasHeader(name),
    set: (name, value) => request.setHeader(name, value),
  });
}

function sentBy(request: ClientRequest): () => Message | undefined {
  const collector = new BodyCollector();
  for (const method of ['write', 'end']) {
    lookAt(request, method, ([chunk, encoding]) => {
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') collector.add(chunk, encoding);
    });
  }
  return () => {
    const body = collector.body();
    return body && { body, header: (name) => headerText(request.getHeader(name)) };
  };
}

class PendingAnswer {
  readonly #exchange: Exchange;
  readonly #answer = Promise.withResolvers<Answer>();
  #isAnswered = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get promise(): Promise<Answer> {
    return this.#answer.promise;
  }

  by(response: IncomingMessage): void {
    this.#isAnswered = true;
    try {
      expectSuccess(response.statusCode);
      this.#answer.resolve(this.#exchange.isAnswerKept ? answerOf(response) : unreadAnswer);
    } catch (error) {
      this.#answer.reject(error);
    }
  }

  failed(error: unknown): void {
    this.#answer.reject(error);
  }

  /** Every request closes: an error with its stack is made where it is one. */
  closed(): void {
    if (!this.#isAnswered) this.failed(new DOMException('closed without an answer', 'AbortError'));
  }
}

/** A listener for data would set the stream flowing: looked at is what the parser puts into it, from the first chunk on. */
function answerOf(response: IncomingMessage): Answer {
  const header = (name: string): string | undefined => headerText(response.headers[name]);
  if (!isReadable(header)) return unreadAnswer;
  const collector = new BodyCollector();
  lookAt(response, 'push', ([chunk]) => {
    if (chunk !== null) collector.add(chunk);
  });
  const isComplete = new Promise<boolean>((resolve) => {
    response.once('end', () => resolve(true)).once('close', () => resolve(false));
  });
  return { message: isComplete.then((whole) => (whole ? collector.message(header) : undefined)) };
}

function headerText(value: string | number | readonly string[] | undefined): string | undefined {
  return value === undefined || typeof value === 'string' ? value : String(value);
}

function requestOf(message: object): ClientRequest | undefined {
  return http !== undefined && 'request' in message && message.request instanceof http.ClientRequest
    ? message.request
    : undefined;
}

function isResponse(value: unknown): value is IncomingMessage {
  return http !== undefined && value instanceof http.IncomingMessage;
}
