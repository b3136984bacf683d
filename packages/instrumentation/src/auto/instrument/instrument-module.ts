import { describeError, faults } from '../../faults.ts';
import type { AutoInstrumentation, FactoryMethod, MethodPatch } from '../auto-instrumentation.ts';
import { type Interceptor, patchMethod } from '../patched-module.ts';
import type { AutoInstrumentationConfig } from './settings.ts';
import { WatchedModels } from './watched-models.ts';

export interface InstrumentedModule<Exports> extends Disposable {
  /** What the application shall use: the same exports, or a copy where theirs cannot be changed. */
  readonly exports: Exports;
  /** Every method is the very same function as before. */
  restore(): void;
}

/**
 * Watches the models of a library whose exports are at hand, as in a browser. Never throws: what cannot be patched is
 * counted and said once, and the library works as before. `config` may be a function where it is known only later.
 */
export function instrumentModule<Exports extends object>(
  definition: AutoInstrumentation,
  exports: Exports,
  config: AutoInstrumentationConfig | (() => AutoInstrumentationConfig) = {},
): InstrumentedModule<Exports> {
  const configuration = typeof config === 'function' ? config : () => config;
  const { patches, patchable } = patchesOf(definition, exports);
  const removals = patches.flatMap((patch) => applied(definition, patch, configuration));
  const restore = (): void => {
    for (const remove of removals.splice(0)) remove();
  };
  return { exports: patchable, restore, [Symbol.dispose]: restore };
}

function patchesOf<Exports extends object>(
  definition: AutoInstrumentation,
  exports: Exports,
): { readonly patches: readonly MethodPatch[]; readonly patchable: Exports } {
  try {
    const patches = [...definition.patches(exports)];
    const isFixed = patches.some(
      (patch) => 'on' in patch && patch.on === exports && !isConfigurable(exports, patch.method),
    );
    if (!isFixed) return { patches, patchable: exports };
    const patchable = configurableCopy(exports);
    return { patches: [...definition.patches(patchable)], patchable };
  } catch (error) {
    complain(definition, `reading the exports of ${definition.name} threw ${describeError(error)}`);
    return { patches: [], patchable: exports };
  }
}

function applied(
  definition: AutoInstrumentation,
  patch: MethodPatch,
  config: () => AutoInstrumentationConfig,
): readonly (() => void)[] {
  try {
    if ('made' in patch) return [patchMethod(patch.on, patch.method, telling(definition, patch))];
    const { intercept } = new WatchedModels(definition, patch, config);
    return ['listen' in patch ? patch.listen(intercept) : patchMethod(patch.on, patch.method, intercept)];
  } catch (error) {
    const what = 'method' in patch ? patch.method : 'its calls';
    complain(definition, `${what} of ${definition.name} cannot be watched: ${describeError(error)}`);
    return [];
  }
}

function telling(definition: AutoInstrumentation, factory: FactoryMethod): Interceptor {
  const tell = (model: unknown, args: readonly unknown[]): void => {
    try {
      factory.made(model, args);
    } catch (error) {
      complain(definition, `reading a new model of ${definition.name} threw ${describeError(error)}`);
    }
  };
  return (original, self, args) => {
    const model: unknown = Reflect.apply(original, self, args);
    if (!(model instanceof Promise)) {
      tell(model, args);
      return model;
    }
    // Derived, not observed from the side: a rejection that nobody handles must stay unhandled.
    return model.then((ready: unknown) => {
      tell(ready, args);
      return ready;
    });
  };
}

/** Exports that were transpiled from a re-export are getters for ever. */
function isConfigurable(exports: object, name: string): boolean {
  return Object.getOwnPropertyDescriptor(exports, name)?.configurable !== false;
}

function configurableCopy<Exports extends object>(exports: Exports): Exports {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(exports)).map(
    ([name, descriptor]) => [name, { ...descriptor, configurable: true }] as const,
  );
  return Object.create(Object.getPrototypeOf(exports), Object.fromEntries(descriptors));
}

function complain({ name }: AutoInstrumentation, what: string): void {
  faults.count({ stage: 'auto', model: name, message: `${what}. The application is not affected.` });
}
