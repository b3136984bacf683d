/** A named export, found too where a CommonJS module was imported as a module and all of it is `default`. */
export function exported(exports: object, name: string): unknown {
  const named: unknown = Reflect.get(exports, name);
  if (named !== undefined) return named;
  const fallback: unknown = Reflect.get(exports, 'default');
  return isObject(fallback) ? Reflect.get(fallback, name) : undefined;
}

/** The prototype of an exported class; undefined where there is no such class. */
export function prototypeOf(exports: object, className: string): object | undefined {
  const exportedClass = exported(exports, className);
  const prototype: unknown = typeof exportedClass === 'function' ? exportedClass.prototype : undefined;
  return isObject(prototype) ? prototype : undefined;
}

/** Functions are objects too. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
