import { describe, expect, it } from 'vitest';
import { type Interceptor, patchMethod } from './patched-module.ts';

class Model {
  readonly bias = 1;
  predict(value: number): number {
    return value + this.bias;
  }
}
class Derived extends Model {}

function noting(calls: string[], name: string): Interceptor {
  return (original, self, args) => {
    calls.push(name);
    return Reflect.apply(original, self, args);
  };
}

describe('a patched method', () => {
  it('answers as before, with its own `this`, name and length', () => {
    const calls: string[] = [];
    const remove = patchMethod(Model.prototype, 'predict', noting(calls, 'ours'));
    expect(new Model().predict(2)).toBe(3);
    expect(calls).toEqual(['ours']);
    const { name, length } = Object.getOwnPropertyDescriptor(Model.prototype, 'predict')?.value ?? {};
    expect([name, length]).toEqual(['predict', 1]);
    remove();
  });

  it('is the very same function again after the last interceptor left, in whatever order', () => {
    const before = Object.getOwnPropertyDescriptor(Model.prototype, 'predict');
    const removals = ['a', 'b', 'c'].map((name) => patchMethod(Model.prototype, 'predict', noting([], name)));
    expect(Object.getOwnPropertyDescriptor(Model.prototype, 'predict')).not.toEqual(before);
    for (const index of [1, 0, 2, 2]) removals[index]?.();
    expect(Object.getOwnPropertyDescriptor(Model.prototype, 'predict')).toEqual(before);
  });

  it('meets one interceptor, the last put in, however often it is patched', () => {
    const calls: string[] = [];
    const first = patchMethod(Model.prototype, 'predict', noting(calls, 'first'));
    const second = patchMethod(Model.prototype, 'predict', noting(calls, 'second'));
    new Model().predict(1);
    second();
    new Model().predict(1);
    expect(calls).toEqual(['second', 'first']);
    first();
  });

  it('that was inherited is inherited again', () => {
    const calls: string[] = [];
    const remove = patchMethod(Derived.prototype, 'predict', noting(calls, 'derived'));
    new Model().predict(1);
    new Derived().predict(1);
    expect(calls).toEqual(['derived']);
    remove();
    expect(Object.hasOwn(Derived.prototype, 'predict')).toBe(false);
  });

  it('stays out of the way where somebody patched on top of it', () => {
    const calls: string[] = [];
    const model = { predict: (value: number) => value };
    const remove = patchMethod(model, 'predict', noting(calls, 'ours'));
    const ours = model.predict;
    model.predict = (value) => ours(value) * 10;
    remove();
    expect(model.predict(2)).toBe(20);
    expect(calls).toEqual([]);
  });

  it('is left alone by a second copy of this package', () => {
    const model = { predict: Object.assign((value: number) => value, {}) };
    Object.defineProperty(model.predict, Symbol.for('@driftline/instrumentation.patched'), { value: true });
    const { predict } = model;
    patchMethod(model, 'predict', noting([], 'ours'));
    expect(model.predict).toBe(predict);
  });

  it.each([
    ['is missing', {}, 'predict is undefined, not a method'],
    ['cannot be replaced', Object.freeze({ predict: () => 1 }), 'Cannot redefine property: predict'],
  ])('that %s is refused', (_, on, message) => {
    expect(() => patchMethod(on, 'predict', noting([], 'ours'))).toThrow(message);
  });
});
