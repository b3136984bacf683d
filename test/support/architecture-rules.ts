import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** Each rule takes sources and says what breaks it, in sentences; none is silent about its reason. */
type Rule = (files: readonly SourceFile[]) => readonly string[];

/** Who may import whom, by folder under `packages/`. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'semantic-conventions': [],
  sketches: [],
  instrumentation: ['semantic-conventions', 'sketches'],
  health: ['semantic-conventions'],
  'collector-processor': ['semantic-conventions', 'sketches', 'health'],
  dashboard: ['collector-processor'],
  cli: ['semantic-conventions', 'sketches', 'instrumentation', 'health', 'collector-processor'],
};

/** Files and folders where files, sockets, clocks and processes may be touched; elsewhere they come in as arguments. */
export const mayDoIo: Readonly<Record<string, readonly string[]>> = {
  'semantic-conventions': [],
  sketches: [],
  instrumentation: ['node.ts', 'node-sdk.ts', 'register.ts', 'resources/', 'auto/'],
  health: ['io/', 'clock.ts'],
  'collector-processor': ['receive/', 'store/', 'files/', 'publish/', 'serve/', 'alert/delivery.ts', 'main.ts'],
  dashboard: [''],
  cli: [''],
};

/** Folders of plug-ins, with the contract that each plug-in imports and the registry that has a line for each. */
export const contracts: readonly string[] = [
  'packages/collector-processor/src/alert/channels/channel.ts',
  'packages/collector-processor/src/evaluate/data-quality/quality-rule.ts',
  'packages/collector-processor/src/evaluate/drift/drift-method.ts',
  'packages/collector-processor/src/evaluate/performance/performance-metric.ts',
  'packages/collector-processor/src/files/formats/data-format.ts',
  'packages/health/src/checks/health-check.ts',
  'packages/health/src/model-tests/metrics/metric.ts',
  'packages/health/src/model-tests/model-health-test.ts',
  'packages/instrumentation/src/resources/collectors/resource-collector.ts',
  'packages/instrumentation/src/resources/gpu/sources/gpu-source.ts',
  'packages/instrumentation/src/auto/auto-instrumentation.ts',
  'packages/instrumentation/src/auto/wire/wire-protocol.ts',
  'packages/instrumentation/src/security/patterns/security-pattern.ts',
];

/** Needs no permission: it computes. */
const pureBuiltins = new Set(['assert', 'buffer', 'crypto', 'events', 'path', 'string_decoder', 'url', 'util', 'zlib']);

const ioLibraries = new Set(['@duckdb/node-api', '@hono/node-server', 'better-sqlite3', 'ioredis', 'nodemailer']);

export const packageDirections: Rule = (files) =>
  eachImport(files, (file, { specifier }) => {
    const other = ourPackage(specifier);
    if (other === undefined || mayImport[file.package]?.includes(other)) return undefined;
    return `${file.path} imports ${specifier}, but ${file.package} may import only: ${mayImport[file.package]?.join(', ') || 'nothing of ours'}`;
  });

export const insideItsPackage: Rule = (files) =>
  eachImport(files, (file, { specifier, file: target }) =>
    target === undefined || target.startsWith(`packages/${file.package}/src/`) || target.endsWith('.json')
      ? undefined
      : `${file.path} reaches out of its package with ${specifier}; import the other package by its name`,
  );

/** `dependenciesOf` names what the package's manifest declares for those who install it. */
export function declared(dependenciesOf: (packageFolder: string) => readonly string[]): Rule {
  return (files) =>
    eachImport(files, (file, { specifier, file: target }) => {
      if (target !== undefined || isBuiltin(specifier)) return undefined;
      const name = packageName(specifier);
      return dependenciesOf(file.package).includes(name)
        ? undefined
        : `${file.path} imports ${name}, which packages/${file.package}/package.json does not declare`;
    });
}

export const io: Rule = (files) =>
  eachImport(files, (file, { specifier, statement }) =>
    isIo(specifier, statement) && !isEdge(file)
      ? `${file.path} imports ${specifier}; of ${file.package} only ${mayDoIo[file.package]?.join(', ') || 'nothing'} may: take what it gives as an argument`
      : undefined,
  );

/** Sketches and the core of the instrumentation also run in browsers, workers, Deno and Bun. */
export const runsAnywhere: Rule = (files) =>
  eachImport(files, (file, { specifier }) =>
    ['semantic-conventions', 'sketches', 'instrumentation'].includes(file.package) &&
    isBuiltin(specifier) &&
    !isEdge(file)
      ? `${file.path} imports ${specifier}, which is Node's alone`
      : undefined,
  );

/** What evaluation says must follow from its arguments, so that it can be repeated. */
export const pureEvaluation: Rule = (files) =>
  files
    .filter(
      ({ path }) => path.startsWith('packages/collector-processor/src/evaluate/') || path.endsWith('/store/commit.ts'),
    )
    .flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /\b(?:Date\.now|Math\.random|performance\.now|crypto\.randomUUID|fetch|setTimeout|setInterval)\(/g,
        ),
      ].map(([call]) => `${path} calls ${call}); take time, chance and sockets as arguments`),
    );

/** A name that crosses a process boundary is written once; elsewhere its constant stands for it. */
export function namesOnce(names: readonly string[]): Rule {
  const known = new Set(names);
  return (files) =>
    files
      .filter((file) => file.package !== 'semantic-conventions')
      .flatMap(({ path, text }) =>
        [...text.matchAll(/'((?:ml|driftline)\.[a-z0-9_.]+)'/g)]
          .filter(([, name = '']) => known.has(name))
          .map(([literal]) => `${path} writes ${literal}; import its constant from @driftline/semantic-conventions`),
      );
}

export const registries: Rule = (files) =>
  contracts.flatMap((contract) => {
    const folder = posix.dirname(contract);
    const registry = files.find(({ path }) => path === `${folder}/index.ts`);
    if (registry === undefined) return [`${folder} has no registry index.ts`];
    const listed = registry.imports.map(({ file }) => file);
    return pluginsOf(contract, files)
      .filter(({ path }) => !listed.includes(path))
      .map(({ path }) => `${path} is not in its registry; add its line to ${registry.path}`);
  });

/** Registry to plug-in to contract, never back, and never from plug-in to plug-in. */
export const pluginDirections: Rule = (files) =>
  contracts.flatMap((contract) => {
    const registry = `${posix.dirname(contract)}/index.ts`;
    const plugins = pluginsOf(contract, files);
    const forbidden = new Set([registry, ...plugins.map(({ path }) => path)]);
    return eachImport([...files.filter(({ path }) => path === contract), ...plugins], (file, { file: target }) =>
      target !== undefined && forbidden.has(target)
        ? `${file.path} imports ${target}; a plug-in knows its contract, a contract knows nobody`
        : undefined,
    );
  });

export const contractsAreKnown: Rule = (files) =>
  files
    .filter(({ path, text }) => /^export (?:function|const) define[A-Z]/m.test(text) && !contracts.includes(path))
    .map(
      ({ path }) => `${path} defines a kind of plug-in; add it to "contracts" in test/support/architecture-rules.ts`,
    );

/** Types too: a cycle of types is a file that cannot be understood without another that cannot without it. */
export const cycles: Rule = (files) => {
  const targets = new Map(files.map(({ path, imports }) => [path, imports.flatMap(({ file }) => file ?? [])]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
};

/** Paths that a document names, as far as they can be told from other words. */
export function pathsIn(text: string): readonly string[] {
  const inTheTree = /(?<![\w/.@-])(?:packages|examples|test|otel-collector|\.ci)\/[\w./@*{}-]*/g;
  const links = /\]\((?!https?:|mailto:|#)([^)#\s]+)/g;
  const rootDocuments = /(?<![\w/.-])[A-Z]{4,}\.md\b/g;
  return [
    ...[...text.matchAll(inTheTree)].map(([path]) => path),
    ...[...text.matchAll(links)].flatMap(([, path]) => path ?? []),
    ...[...text.matchAll(rootDocuments)].map(([path]) => path),
  ]
    .map((path) => path.replace(/[.,]+$/, ''))
    .filter((path) => !/[*{}]/.test(path));
}

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, imported: SourceFile['imports'][number]) => string | undefined,
): readonly string[] {
  return files.flatMap((file) => file.imports.flatMap((imported) => judge(file, imported) ?? []));
}

/** The files beside a contract that import it. */
function pluginsOf(contract: string, files: readonly SourceFile[]): readonly SourceFile[] {
  const folder = posix.dirname(contract);
  return files.filter(
    ({ path, imports }) =>
      posix.dirname(path) === folder && path !== `${folder}/index.ts` && imports.some(({ file }) => file === contract),
  );
}

function ourPackage(specifier: string): string | undefined {
  return specifier === 'driftline' ? 'cli' : /^@driftline\/([^/]+)/.exec(specifier)?.[1];
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isEdge({ package: name, inside }: SourceFile): boolean {
  return mayDoIo[name]?.some((edge) => inside.startsWith(edge)) ?? false;
}

/** Types touch nothing, and `isIP` only reads text. */
function isIo(specifier: string, statement: string): boolean {
  if (/^\s*(?:import|export) type\b/.test(statement) || /^\s*import \{ isIP \} from/.test(statement)) return false;
  if (!isBuiltin(specifier)) return ioLibraries.has(packageName(specifier));
  return !pureBuiltins.has(specifier.replace(/^node:/, '').split('/')[0] ?? '');
}
