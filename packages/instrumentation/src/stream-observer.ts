import { context } from '@opentelemetry/api';
import type { ActiveCall } from './active-call.ts';

/** More of a stream is not kept for `prediction`. */
const MAX_CHUNKS = 1000;

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/**
 * The caller gets the very object that the model returned, a generator or a stream with methods of its own: only its
 * iteration is listened to. The call ends when the stream ends, is left early or throws; at once where the object is
 * frozen, since nobody can listen then.
 */
export function observeStream<Stream extends AsyncIterable<unknown>>(stream: Stream, call: ActiveCall): Stream {
  const observer = new StreamObserver(call);
  if (isAsyncIterator(stream)) return observer.listenTo(stream);
  const iterate = stream[Symbol.asyncIterator];
  observer.attach(() =>
    overlay(stream, Symbol.asyncIterator, () => observer.listenTo(Reflect.apply(iterate, stream, []))),
  );
  return stream;
}

function isAsyncIterator(stream: object): stream is AsyncIterator<unknown> {
  return 'next' in stream && typeof stream.next === 'function';
}

class StreamObserver {
  readonly #call: ActiveCall;
  readonly #chunks: unknown[] = [];
  #isOver = false;

  constructor(call: ActiveCall) {
    this.#call = call;
  }

  listenTo<Iterator extends AsyncIterator<unknown>>(iterator: Iterator): Iterator {
    this.attach(() => {
      for (const method of ['next', 'return', 'throw'] as const) {
        const original = iterator[method];
        if (original === undefined) continue;
        overlay(iterator, method, (...args: unknown[]) => this.#heard(() => Reflect.apply(original, iterator, args)));
      }
    });
    return iterator;
  }

  /** Never throws: the caller reads a stream that cannot be listened to all the same. */
  attach(listen: () => void): void {
    try {
      listen();
    } catch (error) {
      this.#over(() => this.#call.unheard(error));
    }
  }

  async #heard(step: () => Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> {
    try {
      const item = await context.with(this.#call.context, step);
      if (item.done === true) this.#over(() => this.#call.succeeded(this.#chunks));
      else if (this.#chunks.length < MAX_CHUNKS) this.#chunks.push(item.value);
      return item;
    } catch (error) {
      this.#over(() => this.#call.failed(error));
      throw error;
    }
  }

  #over(end: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    end();
  }
}

function overlay(target: object, property: PropertyKey, value: unknown): void {
  Object.defineProperty(target, property, { value, configurable: true, writable: true, enumerable: false });
}
