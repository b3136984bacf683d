import { dirname } from 'node:path';
import { attributes, events, metrics } from '@driftline/semantic-conventions';
import { describe, expect, it } from 'vitest';
import * as rules from './support/architecture-rules.ts';
import {
  documents,
  existsInRepository,
  packageFolders,
  read,
  sourceFile,
  sourceFiles,
  importsIn,
} from './support/source-files.ts';

const files = sourceFiles();
const names = [attributes, metrics, events].flatMap((registry) => Object.keys(registry));

describe('packages', () => {
  it('import only whom they may', () => {
    expect(rules.packageDirections(files)).toEqual([]);
  });

  it('have a line in the table of directions', () => {
    expect(Object.keys(rules.mayImport)).toEqual(expect.arrayContaining([...packageFolders()]));
    expect(Object.keys(rules.mayDoIo)).toEqual(Object.keys(rules.mayImport));
  });

  it('reach each other by name only', () => {
    expect(rules.insideItsPackage(files)).toEqual([]);
  });

  it('declare what they import', () => {
    expect(rules.declared(dependenciesOf)(files)).toEqual([]);
  });

  it('do I/O at their edges only', () => {
    expect(rules.io(files)).toEqual([]);
  });

  it('run anywhere where they promise to', () => {
    expect(rules.runsAnywhere(files)).toEqual([]);
  });

  it('evaluate without clock, chance or network', () => {
    expect(rules.pureEvaluation(files)).toEqual([]);
  });

  it('take the names of telemetry from semantic-conventions', () => {
    expect(rules.namesOnce(names)(files)).toEqual([]);
  });

  it('have no cycles, types included', () => {
    expect(rules.cycles(files)).toEqual([]);
  });
});

describe('plug-ins', () => {
  it('each have a line in their registry', () => {
    expect(rules.registries(files)).toEqual([]);
  });

  it('know their contract and not each other', () => {
    expect(rules.pluginDirections(files)).toEqual([]);
  });

  it('have contracts that this test knows', () => {
    expect(rules.contractsAreKnown(files)).toEqual([]);
    expect(rules.contracts.filter((path) => !existsInRepository(path))).toEqual([]);
  });
});

describe('documents', () => {
  it.each(documents())('%s names paths that exist', (document) => {
    const missing = rules
      .pathsIn(read(document))
      .filter((path) => !existsInRepository(path) && !existsInRepository(path, dirname(document)));
    expect(missing).toEqual([]);
  });
});

describe('the rules notice', () => {
  const drift = 'packages/collector-processor/src/evaluate/drift';

  it.each([
    [
      'a sketch that imports the service',
      rules.packageDirections,
      'packages/sketches/src/x.ts',
      "import type { A } from '@driftline/collector-processor';",
    ],
    [
      'the service that imports the instrumentation',
      rules.packageDirections,
      `${drift}/x.ts`,
      "export * from '@driftline/instrumentation/node';",
    ],
    [
      'a path into another package',
      rules.insideItsPackage,
      'packages/health/src/x.ts',
      "import { a } from '../../sketches/src/index.ts';",
    ],
    [
      'a dependency nobody declared',
      rules.declared(dependenciesOf),
      'packages/health/src/x.ts',
      "import a from 'left-pad';",
    ],
    ['a file read in the evaluation', rules.io, `${drift}/x.ts`, "import { readFileSync } from 'node:fs';"],
    ['a database in the evaluation', rules.io, `${drift}/x.ts`, "const a = await import('better-sqlite3');"],
    [
      'a hash of Node in the core',
      rules.runsAnywhere,
      'packages/instrumentation/src/x.ts',
      "import { createHash } from 'node:crypto';",
    ],
    ['a clock in the evaluation', rules.pureEvaluation, `${drift}/x.ts`, 'const now = Date.now();'],
    ['a name by hand', rules.namesOnce(names), 'packages/cli/src/x.ts', "const a = 'ml.drift.score';"],
    [
      'a plug-in without its line',
      rules.registries,
      `${drift}/x.ts`,
      "import { defineDriftMethod } from './drift-method.ts';",
    ],
    [
      'a plug-in that uses another',
      rules.pluginDirections,
      `${drift}/x.ts`,
      "import './drift-method.ts';\nimport { psi } from './psi.ts';",
    ],
    ['a new contract', rules.contractsAreKnown, 'packages/cli/src/x.ts', 'export function defineCommand() {}'],
    ['a file that imports itself', rules.cycles, 'packages/sketches/src/x.ts', "import type { A } from './x.ts';"],
  ] as const)('%s', (_, rule, path, text) => {
    const complaints = rule([...files, sourceFile(path, text)]).filter((complaint) => !rule(files).includes(complaint));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(path);
  });

  it('a cycle over three files, once', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => `packages/sketches/src/${name}.ts`);
    const circle = [
      sourceFile(`${a}`, "import { b } from './b.ts';"),
      sourceFile(`${b}`, "export type { C } from './c.ts';"),
      sourceFile(`${c}`, "import type { A } from './a.ts';"),
    ];
    expect(rules.cycles(circle)).toEqual([`${a} → ${b} → ${c} → ${a}`]);
  });

  it('every way to write an import, and no comment', () => {
    const text = [
      "import a from 'a';",
      "import type { B } from 'b';",
      "import {\n  c,\n  type C,\n} from 'c';",
      "import d, { e } from 'd';",
      "import * as f from 'f';",
      "import 'g';",
      "export * from 'h';",
      "export { i } from 'i';",
      "export type * from 'j';",
      "export * as k from 'k';",
      "  const l = await import('l');",
      "type M = import('m').M;",
      " * import n from 'n';",
      "// import('o')",
      "const from = 'p';",
    ].join('\n');
    expect(
      importsIn(text)
        .map(({ specifier }) => specifier)
        .join(''),
    ).toBe('abcdfhijkglm');
  });

  it('paths in prose, links and commands', () => {
    const text =
      'See `test/contracts/`, [map](ARCHITECTURE.md#x), `packages/*/src`, https://a.b/test/x and npx node examples/demo/main.ts.';
    expect(rules.pathsIn(text)).toEqual([
      'test/contracts/',
      'examples/demo/main.ts',
      'ARCHITECTURE.md',
      'ARCHITECTURE.md',
    ]);
  });
});

/** What npm installs for a user of that package. */
function dependenciesOf(packageFolder: string): readonly string[] {
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    read(`packages/${packageFolder}/package.json`),
  );
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}
