import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { AutoInstrumentation, MethodPatch } from '../../packages/instrumentation/src/auto/auto-instrumentation.ts';
import { autoInstrumentations } from '../../packages/instrumentation/src/auto/index.ts';
import { instrumentModule } from '../../packages/instrumentation/src/auto/instrument/instrument-module.ts';
import * as auto from '../../packages/instrumentation/src/auto.ts';

const definitions: readonly AutoInstrumentation[] = autoInstrumentations;
const installed: readonly string[] = Object.keys(
  JSON.parse(await readFile(new URL('../../packages/instrumentation/package.json', import.meta.url), 'utf8'))
    .devDependencies,
);

const page = await readFile(new URL('../../docs/auto-instrumentation.md', import.meta.url), 'utf8');

it('auto-instrumentations have names of their own', () => {
  const names = definitions.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

it('docs/auto-instrumentation.md lists all of them', () => {
  const table = [
    '| module | versions | `ml.system.name` | watched |',
    '| --- | --- | --- | --- |',
    ...definitions.map(tableRow),
  ];
  expect(withoutPadding(page)).toContain(withoutPadding(table.join('\n')));
});

/** Of the cells of tables. */
const withoutPadding = (text: string): string => text.replaceAll(/-{3,}/g, '---').replaceAll(/ {2,}/g, ' ');

describe.each(definitions)('auto-instrumentation $name', (definition) => {
  it('has a class that OpenTelemetry registers', () => {
    const [ours] = auto
      .driftlineInstrumentations({ enabled: false })
      .filter(({ instrumentationName }) => instrumentationName.endsWith(`/${definition.name}`));
    const classes = Object.entries(auto).filter(([name]) => name.endsWith('Instrumentation'));
    const names = classes.map(([, exported]) => nameOf(exported));
    expect(names).toContain(ours?.instrumentationName);
  });

  it('says what it watches in a sentence', () => {
    expect(definition.watches).toMatch(/^[A-Z`].*\.$/);
  });

  it('patches nothing of exports that are not its module, whatever they are', () => {
    for (const exports of [{}, Object.freeze({ default: 1 }), strange]) {
      using instrumented = instrumentModule(definition, exports);
      expect(instrumented.exports).toBe(exports);
    }
  });

  it.each(watchedThings(definition))(
    'finds its methods in $name, and leaves the very same behind, however often',
    async ({ load }) => {
      const exports = await load();
      const places = placesOf(definition, exports);
      const before = places.map(descriptorOf);
      const first = instrumentModule(definition, exports);
      const second = instrumentModule(definition, exports);
      const during = placesOf(definition, first.exports).map(descriptorOf);
      second.restore();
      first.restore();
      first.restore();
      expect([...definition.patches(exports)]).not.toEqual([]);
      expect(during).toHaveLength(before.length);
      expect(during.filter(({ value }, index) => value === before[index]?.value)).toEqual([]);
      expect(places.map(descriptorOf)).toEqual(before);
    },
  );
});

function tableRow({ modules, system, watches }: AutoInstrumentation): string {
  const names = modules.map(({ name }) => `\`${name}\``).join(', ') || 'any HTTP client';
  const versions = [...new Set(modules.flatMap((module) => module.versions))].map((range) => `\`${range}\``).join(', ');
  return `| ${names} | ${versions} | \`${system}\` | ${watches.replaceAll('|', '\\|')} |`;
}

/** Every property of it throws. */
const strange: object = new Proxy(
  {},
  {
    get: () => {
      throw new Error('not here');
    },
  },
);

/** Its modules, as far as the tests have them installed, or the global scope. */
function watchedThings({
  modules,
}: AutoInstrumentation): readonly { readonly name: string; readonly load: () => Promise<object> }[] {
  if (modules.length === 0) return [{ name: 'globalThis', load: async () => globalThis }];
  return modules
    .filter(({ name }) => installed.includes(name))
    .map(({ name }) => ({ name, load: () => import(/* @vite-ignore */ name) }));
}

type Place = Extract<MethodPatch, { readonly method: string }>;

function placesOf(definition: AutoInstrumentation, exports: object): readonly Place[] {
  return [...definition.patches(exports)].filter((patch) => 'method' in patch);
}

function descriptorOf({ on, method }: Place): { readonly value: unknown } {
  return { ...Object.getOwnPropertyDescriptor(on, method), value: Reflect.get(on, method) };
}

function nameOf(instrumentation: unknown): unknown {
  if (typeof instrumentation !== 'function') return undefined;
  const instance: unknown = Reflect.construct(instrumentation, [{ enabled: false }]);
  return typeof instance === 'object' && instance !== null ? Reflect.get(instance, 'instrumentationName') : undefined;
}
