import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { monitorModel } from './monitor-model.ts';
import { type Captured, captureDriftline } from './testing.ts';

describe('a wrapped predict', () => {
  let seen: Captured;

  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    seen = captureDriftline();
  });

  afterEach(() => {
    seen[Symbol.dispose]();
    vi.restoreAllMocks();
  });

  const monitor = monitorModel({
    name: 'fraud',
    version: '7',
    features: { amount: 'numeric', country: 'categorical' },
  });
  const untyped: UntypedMonitor = monitor;
  const fraud = () => seen.model('fraud');

  it('records features and prediction of a synchronous call without a mapper', () => {
    const score = monitor.wrap((tx: { amount: number; country: string }) => ({ score: tx.amount / 100 }));
    expect(score({ amount: 30, country: 'de' })).toEqual({ score: 0.3 });
    expect(fraud()).toMatchObject({ rows: 1, calls: 1, failedCalls: 0, errors: [] });
    expect(fraud().feature('amount')).toMatchObject({ count: 1, mean: 30, statuses: { valid: 1 } });
    expect(fraud().output('score')).toMatchObject({ count: 1, mean: 0.3 });
  });

  it('gives back a promise of the same value, and records once it settled', async () => {
    const answer = { score: 0.5, extra: {} };
    const score = monitor.wrap(async (_tx: { amount: number; country: string }) => {
      await delay(5);
      return answer;
    });
    const promise = score({ amount: 1, country: 'fr' });
    expect(promise).toBeInstanceOf(Promise);
    expect(seen.model('fraud').rows).toBe(1);
    expect(seen.model('fraud').calls).toBe(0);
    expect(await promise).toBe(answer);
    expect(seen.model('fraud').calls).toBe(1);
  });

  it('records every row of a batch', () => {
    const score = monitor.wrap((rows: readonly { amount: number; country: string }[]) =>
      rows.map(({ amount }) => amount / 10),
    );
    expect(score([1, 2, 3].map((amount) => ({ amount, country: 'de' })))).toEqual([0.1, 0.2, 0.3]);
    expect(fraud()).toMatchObject({ rows: 3, calls: 1 });
    expect(fraud().output('value').count).toBe(3);
  });

  it('throws the very error of the model, and keeps the features that broke it', async () => {
    const error = Object.freeze(new RangeError('no'));
    const sync = monitor.wrap((_tx: { amount: number; country: string }): number => {
      throw error;
    });
    const async = monitor.wrap(async (_tx: { amount: number; country: string }): Promise<number> => {
      throw error;
    });
    expect(catchOf(() => sync({ amount: 1, country: 'de' }))).toBe(error);
    await expect(async({ amount: 2, country: 'de' })).rejects.toBe(error);
    expect(fraud()).toMatchObject({ rows: 2, calls: 2, failedCalls: 2 });
  });

  it('leaves a rejection that nobody handles unhandled', async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on('unhandledRejection', unhandled);
    const listeners = process.listeners('unhandledRejection').filter((listener) => listener !== unhandled);
    for (const listener of listeners) process.off('unhandledRejection', listener);
    const error = new Error('nobody listens');
    const fails = monitor.wrap(async (_tx: { amount: number; country: string }): Promise<number> => {
      throw error;
    });
    void fails({ amount: 1, country: 'de' });
    await delay(10);
    process.off('unhandledRejection', unhandled);
    for (const listener of listeners) process.on('unhandledRejection', listener);
    expect(unhandled).toHaveBeenCalledExactlyOnceWith(error, expect.anything());
  });

  describe('whose result is a stream', () => {
    const cleanedUp = vi.fn<() => void>();
    async function* tokens(_tx: {
      amount: number;
      country: string;
    }): AsyncGenerator<number, string, string | undefined> {
      try {
        for (let n = 1; n <= 3; n += 1) {
          const heard = yield n;
          if (heard !== undefined) yield Number(heard);
        }
        return 'end';
      } finally {
        cleanedUp();
      }
    }
    const stream = () =>
      monitor.wrap(tokens, { prediction: (chunks) => ({ value: chunks.length }) })({ amount: 1, country: 'de' });

    beforeEach(() => cleanedUp.mockClear());

    it('passes chunks, sent values and the return value through', async () => {
      const iterator = stream();
      const heard = [
        await iterator.next(),
        await iterator.next('40'),
        await iterator.next(),
        await iterator.next(),
        await iterator.next(),
      ];
      expect(heard.map(({ value }) => value)).toEqual([1, 40, 2, 3, 'end']);
      expect(fraud()).toMatchObject({ calls: 1, failedCalls: 0 });
      expect(fraud().output('value').mean).toBe(4);
    });

    it('is over when its reader leaves early, and cleans up', async () => {
      for await (const chunk of stream()) if (chunk === 2) break;
      expect(cleanedUp).toHaveBeenCalledOnce();
      expect(fraud()).toMatchObject({ calls: 1, failedCalls: 0 });
      expect(fraud().output('value').mean).toBe(2);
    });

    it('passes throw() through as the same error', async () => {
      const iterator = stream();
      await iterator.next();
      const error = new Error('stop');
      await expect(iterator.throw(error)).rejects.toBe(error);
      expect(cleanedUp).toHaveBeenCalledOnce();
      expect(fraud()).toMatchObject({ calls: 1, failedCalls: 1 });
    });

    it('reaches the caller also when it is frozen, and counts that nobody could listen', async () => {
      const countdown = Object.freeze({
        async *[Symbol.asyncIterator]() {
          yield* [2, 1];
        },
      });
      const heard: number[] = [];
      for await (const n of monitor.wrap((_tx: { amount: number; country: string }) => countdown)({
        amount: 1,
        country: 'de',
      }))
        heard.push(n);
      expect(heard).toEqual([2, 1]);
      expect(fraud()).toMatchObject({ calls: 1, failedCalls: 0 });
      expect(fraud().errors.map(({ stage }) => stage)).toEqual(['stream']);
    });

    it('stays the object that the model returned, with its own methods', async () => {
      const body = new ReadableStream<number>({
        start: (controller) => {
          controller.enqueue(1);
          controller.close();
        },
      });
      const answer = monitor.wrap((_tx: { amount: number; country: string }) => body, {
        prediction: (chunks) => chunks.length,
      })({ amount: 1, country: 'de' });
      expect(answer).toBe(body);
      for await (const chunk of answer) expect(chunk).toBe(1);
      expect(fraud().output('value').mean).toBe(1);
    });
  });

  it('keeps `this`, name, length and further properties of the function', () => {
    const pipeline = Object.assign(
      function classify(this: { readonly bias: number } | void, amount: number) {
        return amount + (this?.bias ?? 0);
      },
      { tokenizer: 'wordpiece' },
    );
    const watched = monitor.wrap(pipeline, { features: (amount) => ({ amount }) });
    expect(watched.call({ bias: 2 }, 1)).toBe(3);
    expect([watched.name, watched.length, watched.tokenizer]).toEqual(['classify', 1, 'wordpiece']);
  });

  it('counts a throwing mapper once for each call, says it once without its message, and answers all the same', () => {
    const score = monitor.wrap((amount: number) => amount, {
      features: (): { amount: number } => {
        throw new TypeError('"Ada Lovelace" is no amount');
      },
    });
    expect([score(1), score(2)]).toEqual([1, 2]);
    expect(fraud().errors).toHaveLength(2);
    expect(fraud().errors[0]).toMatchObject({
      stage: 'features',
      message: expect.stringContaining('features() of "fraud" threw TypeError at predict-wrapper.test.ts:'),
    });
    expect(vi.mocked(console.warn).mock.calls.length).toBeLessThanOrEqual(1);
    expect(fraud().output('value').count).toBe(2);
  });

  it('ends a call whose answer throws when it is read, and counts it', () => {
    const answer = {
      get score(): number {
        throw new Error('disposed');
      },
    };
    expect(monitor.wrap((_tx: { amount: number; country: string }) => answer)({ amount: 1, country: 'de' })).toBe(
      answer,
    );
    expect(fraud()).toMatchObject({ calls: 1, failedCalls: 0 });
    expect(fraud().errors.map(({ stage }) => stage)).toEqual(['prediction']);
  });

  it('counts a mapper that gives a promise, even one that rejects', async () => {
    const score = untyped.wrap((amount) => amount, { features: rejecting });
    expect(score(1)).toBe(1);
    await delay(5);
    expect(fraud().errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('gave a promise; mappers are synchronous') }),
    ]);
  });

  it('files NaN, missing, wrong types and unknown features each where it belongs', () => {
    const score = untyped.wrap(() => 1);
    for (const amount of [Number.NaN, null, '12', 12, Number.POSITIVE_INFINITY])
      score({ amount, country: 'de', height: 1 });
    expect(fraud().feature('amount').statuses).toEqual({ valid: 1, missing: 1, not_a_number: 2, wrong_type: 1 });
    expect(fraud().errors).toEqual([]);
  });

  it('hands ids to the events that outcomes join: of the call, else of the arguments', () => {
    const joined = monitorModel({ name: 'loans', features: { amount: 'numeric' }, outcomes: { joinById: true } });
    const score = joined.wrap((row: { amount: number; key: string }) => ({ score: row.amount }), {
      features: ({ amount }) => ({ amount }),
      id: ({ key }) => key,
    });
    score({ amount: 0.1, key: 'a' });
    score.with({ id: 'b' })({ amount: 0.2, key: 'ignored' });
    expect(score.tracked({ amount: 0.3, key: 'c' })).toEqual({ result: { score: 0.3 }, predictionId: 'c' });
    expect(idsOf(seen)).toEqual(['a', 'b', 'c']);
  });

  it('makes up a UUID of version 7 only for tracked calls', async () => {
    const score = monitor.wrap(async (tx: { amount: number; country: string }) => tx.amount);
    const { result, predictionId } = await score.tracked({ amount: 4, country: 'de' });
    expect(result).toBe(4);
    expect(predictionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.abs(Number.parseInt(predictionId.replaceAll('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(
      1000,
    );
  });

  it('leaves out calls that skip', () => {
    const score = monitor.wrap((tx: { amount: number; country: string }) => tx.amount);
    expect(score.with({ skip: true })({ amount: 1, country: 'de' })).toBe(1);
    expect(() => fraud()).toThrow('captureDriftline: no model "fraud"; none was seen');
  });

  it('never changes what the function does, whatever that is and whatever the mappers do', () => {
    const anything = fc.anything({ withDate: true, withBigInt: true, withTypedArray: true, withNullPrototype: true });
    const mapper = fc.oneof(
      fc.constant(undefined),
      anything.map((value) => () => value),
      anything.map((value) => () => {
        throw value;
      }),
    );
    fc.assert(
      fc.property(
        fc.record({ args: fc.array(anything, { maxLength: 3 }), outcome: anything, throws: fc.boolean() }),
        fc.record({ features: mapper, prediction: mapper, id: mapper, at: mapper }),
        ({ args, outcome, throws }, mappers) => {
          const received: unknown[][] = [];
          const predict = (...given: unknown[]): unknown => {
            received.push(given);
            if (throws) throw outcome;
            return outcome;
          };
          const watched = untyped.wrap(predict, mappers);
          const observed = throws ? catchOf(() => watched(...args)) : watched(...args);
          expect(Object.is(observed, outcome)).toBe(true);
          expect(received).toHaveLength(1);
          received[0]?.forEach((value, i) => expect(Object.is(value, args[i])).toBe(true));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The monitor as JavaScript sees it. */
interface UntypedMonitor {
  wrap(predict: (...args: unknown[]) => unknown, options?: object): (...args: unknown[]) => unknown;
}

async function rejecting(): Promise<never> {
  throw new Error('late');
}

function catchOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}

function idsOf({ events }: Captured): readonly unknown[] {
  return events.map(({ attributes }) => {
    const value = attributes.find(({ key }) => key === 'ml.prediction.id')?.value;
    return value !== undefined && 'stringValue' in value ? value.stringValue : undefined;
  });
}
