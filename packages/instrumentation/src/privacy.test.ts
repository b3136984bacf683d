import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HashKey, hashKey } from './hash-key.ts';
import { monitorModel } from './monitor-model.ts';
import { PrivacyPolicy } from './privacy.ts';
import { captureDriftline } from './testing.ts';

const secret = 'a key that nobody guesses';

describe('the privacy policy', () => {
  it('lets nothing out unless it is allowed, and never what is denied', () => {
    expect(new PrivacyPolicy({}).row({ age: 40 })).toEqual({});
    expect(new PrivacyPolicy({ allow: ['age'] }).row({ age: 40, pay: 1 })).toEqual({ age: 40 });
    expect(new PrivacyPolicy({ allow: 'all', deny: ['pay'] }).row({ age: 40, pay: 1 })).toEqual({ age: 40 });
  });

  it.each([
    [{ round: { x: 5 } }, 43, 45],
    [{ round: { x: 0.1 } }, 0.327, 0.3],
    [{ round: { x: 1000 } }, -48_213.77, -48_000],
    [{ truncate: { x: 3 } }, '94110', '941'],
    [{ truncate: { x: 3 } }, 94_110, '941'],
    [{ truncate: { x: 2 } }, '👍👎👌', '👍👎'],
    [{}, 'x'.repeat(300), 'x'.repeat(256)],
    [{}, true, true],
    [{}, 12n, 12],
    [{}, new Date(86_400_000), 86_400_000],
  ])('under %j makes %s of %s', (options, value, disclosed) => {
    expect(new PrivacyPolicy({ allow: 'all', ...options }).disclosed('x', value)).toBe(disclosed);
  });

  it.each([
    ['a number that came as text', { round: { x: 5 } }, '43'],
    ['a step that is none', { round: { x: 0 } }, 43],
    ['a length that is none', { truncate: { x: Number.NaN } }, 'abc'],
    ['a hash without a key', { hash: ['x'] }, 'abc'],
    ['what is no plain value', {}, [1, 2]],
    ['an object', {}, { toString: () => 'abc' }],
    ['infinity', {}, Infinity],
    ['nothing', {}, undefined],
  ])('keeps %s', (_, options, value) => {
    expect(new PrivacyPolicy({ allow: 'all', ...options }).disclosed('x', value)).toBeUndefined();
  });

  it('hashes as everybody else can, after the value was made coarse', () => {
    const policy = new PrivacyPolicy({ allow: 'all', truncate: { zip: 3 }, hash: ['zip'], key: new HashKey(secret) });
    const expected = createHmac('sha256', secret).update('zip=941').digest('hex');
    expect([policy.disclosed('zip', '94110'), policy.disclosed('zip', 94_199)]).toEqual([expected, expected]);
  });

  it('gives no value away that it should hash or round, whatever it is', () => {
    const policy = new PrivacyPolicy({ allow: 'all', hash: ['text'], round: { number: 10 }, key: new HashKey(secret) });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.double({ noNaN: true }), (text, number) => {
        expect(policy.disclosed('text', text)).toMatch(/^[0-9a-f]{64}$/);
        const rounded = policy.disclosed('number', number);
        if (typeof rounded === 'number' && Math.abs(rounded) < 1e14) expect(Math.abs(rounded % 10)).toBe(0);
      }),
    );
  });
});

describe('a monitor with a privacy policy', () => {
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());

  it('puts values on result events as the policy has them, and joins outcomes by the same hashed id', () => {
    using seen = captureDriftline();
    const monitor = monitorModel({
      name: 'loans',
      features: { age: 'numeric', zip: 'categorical' },
      outcomes: { joinById: true },
      privacy: {
        allow: ['age', 'zip'],
        round: { age: 10, 'ml.prediction.score': 0.1 },
        hash: ['zip', 'ml.prediction.id'],
        key: hashKey(secret),
      },
    });
    const predict = monitor.wrap((_row: { age: number; zip: string }) => ({ score: 0.7383 }), { id: () => 'app-17' });
    predict({ age: 43, zip: '94110' });
    monitor.recordOutcome({ id: 'app-17', truth: 1 });
    const [result, outcome] = seen.events.map(({ attributes }) =>
      Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
    );
    const hashed = (text: string) => ({ stringValue: createHmac('sha256', secret).update(text).digest('hex') });
    expect(result).toMatchObject({
      'ml.prediction.id': hashed('ml.prediction.id=app-17'),
      'ml.prediction.score': { doubleValue: 0.7 },
      'ml.feature.values': {
        kvlistValue: {
          values: [
            { key: 'age', value: { intValue: '40' } },
            { key: 'zip', value: hashed('zip=94110') },
          ],
        },
      },
    });
    expect(outcome?.['ml.prediction.id']).toEqual(result?.['ml.prediction.id']);
  });

  it('says which names it does not know: a misspelt one in `deny` would let a value out', () => {
    const features = { age: 'numeric' } as const;
    const misspelt: readonly string[] = ['aeg'];
    const options: object = { name: 'typo', features, privacy: { allow: 'all', deny: misspelt } };
    monitorModel({ name: 'typo', features, ...options });
    expect(vi.mocked(console.warn).mock.calls.join()).toContain(
      'privacy names aeg, which is no feature of this model.',
    );
  });

  it('has a key that nobody prints, and none where it is short or missing', () => {
    const key = hashKey(secret);
    expect([String(key), JSON.stringify({ key }), inspect({ key })].join()).toBe('***,{"key":"***"},{ key: *** }');
    expect([hashKey('short'), hashKey()]).toEqual([undefined, undefined]);
    expect(vi.mocked(console.warn).mock.calls.join()).toContain('DRIFTLINE_HASH_KEY');
    expect(vi.mocked(console.warn).mock.calls.join()).not.toContain('short');
  });
});
