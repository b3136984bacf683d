import { type Interceptor, patchMethod } from '../patched-module.ts';
import type { Message } from '../wire/message.ts';
import { BodyCollector, bytesOf, isReadable } from './body.ts';
import { type Answer, type AskedModel, askedModel, Exchange, expectSuccess, unreadAnswer } from './exchange.ts';
import { asyncHooks } from './runtime.ts';

/** What `fetch` itself asks undici for: told apart also where no SDK carries a context. */
const insideFetch = asyncHooks && new asyncHooks.AsyncLocalStorage<true>();

export const isInsideFetch = (): boolean => insideFetch?.getStore() === true;

/** Of the global `fetch`. The request stays the application's own; its body is read where it is in memory already. */
export function fetchRequests(intercept: Interceptor): () => void {
  return patchMethod(globalThis, 'fetch', (original, self, args) => {
    const request = requestOf(args);
    if (request === undefined) return Reflect.apply(original, self, args);
    const fetched = Promise.withResolvers<unknown>();
    const fetchIt = async (): Promise<unknown> => Reflect.apply(original, self, args);
    const send = (exchange: Exchange): Promise<Answer> => {
      fetched.resolve(insideFetch === undefined ? fetchIt() : insideFetch.run(true, fetchIt));
      return fetched.promise.then((response) => answerOf(response, exchange), failWithCause);
    };
    new Exchange({ ...request, send }).goThrough(intercept);
    // Derived, so that a rejection that nobody handles stays unhandled; and after us, who clone what it reads.
    return fetched.promise.then((response) => response);
  });
}

interface FetchRequest extends AskedModel {
  readonly url: URL;
  readonly sent: () => Message | undefined;
}

/** Undefined too where the arguments are not what `fetch` takes: it says so itself. */
function requestOf([input, init]: readonly unknown[]): FetchRequest | undefined {
  const url = property(input, 'url') ?? (typeof input === 'string' || input instanceof URL ? String(input) : undefined);
  const method = property(init, 'method') ?? property(input, 'method') ?? 'GET';
  if (typeof url !== 'string' || typeof method !== 'string') return undefined;
  const asked = askedModel(method, url);
  if (asked === undefined) return undefined;
  const base: unknown = property(property(globalThis, 'location'), 'href');
  const absolute = URL.parse(url, typeof base === 'string' ? base : undefined);
  return absolute === null ? undefined : { ...asked, url: absolute, sent: sentBy(init) };
}

function sentBy(init: unknown): FetchRequest['sent'] {
  const body = bytesOf(property(init, 'body'));
  const headers = property(init, 'headers');
  return () => {
    const sent: Headers = Reflect.construct(Headers, [headers]);
    return body && { body, header: (name) => sent.get(name) ?? undefined };
  };
}

/** Cloned at once: the application reads the body next. */
function answerOf(response: unknown, { isAnswerKept }: Exchange): Answer {
  if (!(response instanceof Response)) return unreadAnswer;
  expectSuccess(response.status);
  const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
  if (!isAnswerKept || !isReadable(header)) return unreadAnswer;
  return { message: messageOf(response.clone(), header) };
}

/** "TypeError: fetch failed" says less than its cause, which has a code such as ECONNREFUSED. */
function failWithCause(error: unknown): never {
  const cause = property(error, 'cause');
  throw typeof property(cause, 'code') === 'string' ? cause : error;
}

async function messageOf(copy: Response, header: Message['header']): Promise<Message | undefined> {
  const collector = new BodyCollector();
  try {
    for await (const chunk of copy.body ?? []) collector.add(chunk);
  } catch {
    // Broken off: the application, which reads the same, hears why.
    return undefined;
  }
  const body = collector.body();
  return body && { body, header };
}

function property(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined;
}
