import { describeError, faults } from '../../faults.ts';

/** Shows `look` the arguments of each call of one object's method before the call goes on, whatever becomes of the look. */
export function lookAt(target: object, method: string, look: (args: readonly unknown[]) => void): void {
  const original: (...args: unknown[]) => unknown = Reflect.get(target, method);
  const lookedAt = (...args: unknown[]): unknown => {
    try {
      look(args);
    } catch (error) {
      faults.count({ stage: 'auto', message: `looking at ${method}() threw ${describeError(error)}.` });
    }
    return Reflect.apply(original, target, args);
  };
  Object.defineProperty(target, method, { value: lookedAt, configurable: true, writable: true });
}
