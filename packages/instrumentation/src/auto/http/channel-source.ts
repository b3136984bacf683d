import { describeError, faults } from '../../faults.ts';
import type { Interceptor } from '../patched-module.ts';
import { diagnosticsChannel } from './runtime.ts';

/** What to do with the messages of each channel. */
type Handlers = Readonly<Record<string, (message: object, teller: Teller) => void>>;

export interface Teller {
  readonly intercept: Interceptor;
  /** From the next message on, whoever else listens hears of it before. */
  comeLast(): void;
}

/** On a request that is watched, so that a second copy of this package leaves it alone. */
const WATCHED = Symbol.for('@driftline/instrumentation.watched');

/** Whether nobody watches the request yet; from now on somebody does. */
export function isUnwatched(request: object): boolean {
  if (Reflect.has(request, WATCHED)) return false;
  return Reflect.defineProperty(request, WATCHED, { value: true });
}

/**
 * Calls that Node's diagnostics channels tell of. However often somebody listens, each call meets one interceptor, the last
 * that came; without any, nobody is subscribed.
 */
export function channelSource(handlers: Handlers): (intercept: Interceptor) => () => void {
  let interceptors: readonly Interceptor[] = [];
  const subscriptions = Object.entries(handlers).map(([channel, handle]) => {
    const comeLast = (): void => {
      diagnosticsChannel?.unsubscribe(channel, subscriber);
      diagnosticsChannel?.subscribe(channel, subscriber);
    };
    const subscriber = (message: unknown): void => {
      const intercept = interceptors.at(-1);
      if (intercept === undefined || typeof message !== 'object' || message === null) return;
      try {
        handle(message, { intercept, comeLast });
      } catch (error) {
        // What a subscriber throws would be uncaught in the application.
        faults.count({ stage: 'auto', message: `reading ${channel} threw ${describeError(error)}.` });
      }
    };
    return { channel, subscriber };
  });

  return (intercept) => {
    const own: Interceptor = (...call) => intercept(...call);
    if (interceptors.length === 0) {
      for (const { channel, subscriber } of subscriptions) diagnosticsChannel?.subscribe(channel, subscriber);
    }
    interceptors = [...interceptors, own];
    return () => {
      interceptors = interceptors.filter((other) => other !== own);
      if (interceptors.length > 0) return;
      for (const { channel, subscriber } of subscriptions) diagnosticsChannel?.unsubscribe(channel, subscriber);
    };
  };
}
