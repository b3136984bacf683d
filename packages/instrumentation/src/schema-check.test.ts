import { type } from 'arktype';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recording } from './lane/recording.ts';
import { InvalidFeaturesError, monitorModel, type SchemaLike } from './index.ts';
import { type Captured, captureDriftline } from './testing.ts';

let seen: Captured;
beforeEach(() => {
  seen = captureDriftline();
});
afterEach(() => seen[Symbol.dispose]());

/** Twenty rows: an age of the wrong type, one below zero, an unknown state, and a row that is fine. */
const rows: readonly Readonly<Record<string, unknown>>[] = [
  { age: '34 years', state: 'CA' },
  { age: -5, state: 'NY' },
  { age: 40, state: 'secret-state' },
  ...Array.from({ length: 17 }, (_, i) => ({ age: 20 + i, state: 'CA' })),
];

const schemas = {
  zod: z.object({ age: z.number().min(0), state: z.enum(['CA', 'NY']) }),
  valibot: v.object({ age: v.pipe(v.number(), v.minValue(0)), state: v.picklist(['CA', 'NY']) }),
  arktype: type({ age: 'number >= 0', state: "'CA' | 'NY'" }),
};

/** What the library itself calls its complaints. */
const kinds = {
  zod: { age: { invalid_type: 1, too_small: 1 }, state: { invalid_value: 1 } },
  valibot: { age: { number: 1, min_value: 1 }, state: { picklist: 1 } },
  arktype: { age: { domain: 1, min: 1 }, state: expect.any(Object) },
};

function quality(model: string) {
  const sketches = recording.current?.book.openSketches.find((one) => one.model.name === model);
  if (sketches === undefined) throw new Error(`${model} was not recorded`);
  return sketches.quality;
}

function violationsOf(model: string) {
  return Object.fromEntries(
    [...quality(model).violations].map(([feature, types]) => [feature, Object.fromEntries(types)]),
  );
}

describe.each(['zod', 'valibot', 'arktype'] as const)('a schema of %s', (library) => {
  const features: SchemaLike<{ age: number; state: 'CA' | 'NY' }> = schemas[library];
  const predictOf = (name: string, validate?: 'count' | 'refuse' | 'off') => {
    const monitor = monitorModel({
      name,
      features,
      kinds: { age: 'numeric', state: 'categorical' },
      ...(validate && { validate }),
    });
    let calls = 0;
    const predict = monitor.wrap((row: { age: number; state: 'CA' | 'NY' }) => {
      calls += 1;
      return { score: typeof row.age === 'number' ? 0.5 : 0.1 };
    });
    return { call: (row: unknown): unknown => Reflect.apply(predict, undefined, [row]), calls: () => calls };
  };

  it('counts rows that do not match by feature and kind, and lets all of them pass', () => {
    const predict = predictOf('counted');
    for (const row of rows) predict.call(row);
    expect(predict.calls()).toBe(20);
    expect(quality('counted').validated).toEqual({ passed: 17, failed: 3 });
    expect(violationsOf('counted')).toEqual(kinds[library]);
    expect(seen.errors).toEqual([]);
  });

  it('refuses only because it is asked to: before the model, without a value in the message', () => {
    const predict = predictOf('refusing', 'refuse');
    const errors = rows.flatMap((row) => {
      try {
        predict.call(row);
        return [];
      } catch (error) {
        return [error];
      }
    });
    expect(predict.calls()).toBe(17);
    expect(errors).toHaveLength(3);
    for (const error of errors) expect(error).toBeInstanceOf(InvalidFeaturesError);
    expect(String(errors[0])).toMatch(
      /^InvalidFeaturesError: the features of "refusing" do not match their schema: age \(\w+\)/,
    );
    expect(errors.map(String).join()).not.toMatch(/34 years|-5|secret/);
    expect(seen.model('refusing').failedCalls).toBe(3);
    expect(quality('refusing').validated).toEqual({ passed: 17, failed: 3 });
  });

  it('is not asked where it is switched off', () => {
    const predict = predictOf('off', 'off');
    for (const row of rows) predict.call(row);
    expect(quality('off').validated).toEqual({ passed: 0, failed: 0 });
  });
});

describe('a schema', () => {
  it('that is asynchronous is counted off the path, and refuses nobody', async () => {
    const slow = z.object({ age: z.number().refine(async (age) => age > 0) });
    const monitor = monitorModel({ name: 'slow', features: slow, validate: 'refuse' });
    const predict = monitor.wrap((row: { age: number }) => ({ score: row.age / 100 }));
    expect(predict({ age: -1 })).toEqual({ score: -0.01 });
    expect(quality('slow').validated).toEqual({ passed: 0, failed: 0 });
    await expect.poll(() => quality('slow').validated).toEqual({ passed: 0, failed: 1 });
  });

  it('that throws is our trouble: counted, and the model is asked', async () => {
    const broken = z.object({ age: z.number().refine(() => JSON.parse('no json')) });
    const predict = monitorModel({ name: 'broken', features: broken, validate: 'refuse' }).wrap(
      (row: { age: number }) => row.age,
    );
    expect(predict({ age: 3 })).toBe(3);
    await expect
      .poll(() => seen.errors.map(({ message }) => message).join())
      .toContain('the schema of "broken" threw SyntaxError');
    expect(quality('broken').validated).toEqual({ passed: 0, failed: 0 });
  });

  const standard = (validate: (age: number) => unknown): SchemaLike<{ age: number }> => {
    const own = { version: 1, vendor: 'test', validate: (row: { age: number }) => validate(row.age) } as const;
    return { '~standard': own };
  };
  /** Complains of ages below zero, and fails itself from 100 on. */
  const answer = (age: number) => {
    if (age >= 100) throw new RangeError('too old for this schema');
    return age < 0 ? { issues: [{ message: 'no', path: ['age'], code: 'too_small' }] } : { value: { age } };
  };

  it.each([
    { way: 'at once', name: 'partly', validate: answer },
    { way: 'later', name: 'partly-later', validate: async (age: number) => answer(age) },
  ])('that fails for one row of a batch, $way, loses that row alone', async ({ name, validate }) => {
    const monitor = monitorModel({ name, features: standard(validate), kinds: { age: 'numeric' } });
    const predict = monitor.wrap((batch: readonly { age: number }[]) => batch.map(({ age }) => age));
    expect(predict([{ age: 3 }, { age: 400 }, { age: -1 }, { age: 5 }])).toEqual([3, 400, -1, 5]);
    await expect.poll(() => quality(name).validated).toEqual({ passed: 2, failed: 1 });
    expect(violationsOf(name)).toEqual({ age: { too_small: 1 } });
    expect(seen.errors.map(({ message }) => message)).toEqual([expect.stringContaining('threw RangeError')]);
  });

  it('whose later answer cannot be read does not reach the application as an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', hear);
    const unreadable = async () => ({
      get issues(): never {
        throw new EvalError('no answer');
      },
    });
    const monitor = monitorModel({ name: 'unreadable', features: standard(unreadable), kinds: { age: 'numeric' } });
    monitor.record({ features: { age: 3 } });
    const predict = monitor.wrap(({ age }: { age: number }) => age);
    expect(predict({ age: 3 })).toBe(3);
    await expect.poll(() => seen.errors.map(({ message }) => message).join()).toContain('threw EvalError');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(unhandled).toEqual([]);
  });

  it('rejects through an asynchronous model, and names nobody’s keys', async () => {
    const strict = z.strictObject({ age: z.number() });
    const predict = monitorModel({ name: 'strict', features: strict, validate: 'refuse' }).wrap(
      async (row: { age: number }) => row.age,
    );
    const row = { age: 3, 'joe@example.com': 1 };
    await expect(predict(row)).rejects.toThrow('do not match their schema: _other (unrecognized_keys)');
  });

  it('is not asked of columns', () => {
    const monitor = monitorModel({ name: 'columns', features: schemas.zod });
    monitor.recordColumns({ features: { age: [-1, 2] } });
    expect(quality('columns').validated).toEqual({ passed: 0, failed: 0 });
  });
});

describe('quality: { duplicates, distinct }', () => {
  it('counts repeated rows and different values, by row or by column', () => {
    const features = { age: 'numeric', state: ['CA', 'NY'] } as const;
    const monitor = monitorModel({ name: 'counted', features, quality: { duplicates: true, distinct: ['age'] } });
    for (let i = 0; i < 100; i++) monitor.record({ features: { age: i % 50, state: 'CA' } });
    expect(quality('counted').compared).toEqual({ passed: 50, failed: 50 });
    monitor.recordColumns({ features: { age: [7, 8, 900], state: ['CA', 'NY', 'CA'] } });
    expect(quality('counted').compared).toEqual({ passed: 52, failed: 51 });
    expect([...quality('counted').distinct.keys()]).toEqual(['age']);
    expect(quality('counted').distinct.get('age')?.estimate()).toBeGreaterThan(30);
  });

  it('costs and sends nothing where it is not asked for', () => {
    monitorModel({ name: 'plain', features: { age: 'numeric' } }).record({ features: { age: 1 } });
    expect(quality('plain').compared).toEqual({ passed: 0, failed: 0 });
    expect(quality('plain').distinct.size).toBe(0);
  });
});
