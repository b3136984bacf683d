import { isLoopback, parseAddress } from './address.ts';
import { referenceProblems } from './reference-checks.ts';
import { constraintProblems, type ProfileColumns } from './constraint-checks.ts';
import { methodsWithoutLimit } from './limit-checks.ts';
import { hasOrders, orderProblems } from './order-checks.ts';
import { complaint } from './section.ts';
import { type CrossProblem, field, list, mapping } from './written.ts';
import type { Path } from './yaml-source.ts';

/**
 * What no section can tell alone. Reads the settings as written, so that these problems are named together with those
 * that keep a section from being read.
 */
export function crossChecks(written: unknown, columnsOf: ColumnsOf = () => undefined): readonly CrossProblem[] {
  return [
    ...methodsWithoutLimit(written),
    ...unknownChannels(written),
    ...unknownRules(written),
    ...repeatedRules(written),
    ...openListeners(written),
    ...referenceProblems(written),
    ...modelsBesideProfiles(written, columnsOf),
  ];
}

/** Of the profile at a path as it is written; undefined where it cannot be read, which is told when it is loaded. */
export type ColumnsOf = (path: string) => ProfileColumns | undefined;

/** What settings say of columns that the model's profile knows otherwise. */
function modelsBesideProfiles(written: unknown, columnsOf: ColumnsOf): readonly CrossProblem[] {
  const byDefault = field(field(written, 'defaults'), 'reference');
  return Object.entries(mapping(field(written, 'models'))).flatMap(([name, model]) => {
    const constraints = list(field(model, 'constraints')).map(mapping);
    const features = field(model, 'features');
    const path = field(model, 'reference') ?? byDefault;
    const isAsked = constraints.length > 0 || hasOrders(features);
    const columns = isAsked && typeof path === 'string' ? columnsOf(path) : undefined;
    if (columns === undefined) return [];
    return [
      ...constraintProblems(constraints, columns, ['models', name, 'constraints']),
      ...orderProblems(features, columns, ['models', name, 'features']),
    ];
  });
}

function unknownChannels(written: unknown): readonly CrossProblem[] {
  const known = Object.keys(mapping(field(written, 'channels')));
  return list(field(written, 'rules')).flatMap((rule, index) => {
    const notify = field(rule, 'notify');
    const names = Array.isArray(notify)
      ? notify.map((name, position) => ({ name, path: ['rules', index, 'notify', position] }))
      : [{ name: notify, path: ['rules', index, 'notify'] }];
    return unknownNames(names, known, 'channel');
  });
}

function unknownRules(written: unknown): readonly CrossProblem[] {
  const known = ruleNames(written).map(({ name }) => name);
  return list(field(written, 'silences')).flatMap((silence, index) =>
    unknownNames([{ name: field(silence, 'rule'), path: ['silences', index, 'rule'] }], known, 'rule'),
  );
}

function repeatedRules(written: unknown): readonly CrossProblem[] {
  const names = ruleNames(written);
  return names.flatMap(({ name, path }, index) =>
    names.findIndex((other) => other.name === name) === index
      ? []
      : [{ path, complaint: ': another rule has this name; give each its own with name' }],
  );
}

export function openListener(listener: string): string {
  const wayOut = `set auth.${listener} to a list of bearer tokens, or write auth: none`;
  return `is reachable from other machines without a token; ${wayOut}`;
}

/** Whoever reaches the port could read everything, or make things up: nobody gets there by forgetting a line. */
function openListeners(written: unknown): readonly CrossProblem[] {
  const auth = field(written, 'auth');
  if (auth === 'none') return [];
  return ['page', 'otlp'].flatMap((listener) => {
    const address = field(field(written, 'listen'), listener);
    const parsed = typeof address === 'string' ? parseAddress(address) : undefined;
    if (parsed === undefined || isLoopback(parsed) || list(field(auth, listener)).length > 0) return [];
    return [{ path: ['listen', listener], complaint: openListener(listener) }];
  });
}

function ruleNames(written: unknown) {
  return list(field(written, 'rules')).flatMap((rule, index) => {
    const key = field(rule, 'name') === undefined ? 'when' : 'name';
    const name = field(rule, key);
    return typeof name === 'string' ? [{ name, path: ['rules', index, key] }] : [];
  });
}

function unknownNames(
  names: readonly { readonly name: unknown; readonly path: Path }[],
  known: readonly string[],
  what: string,
): readonly CrossProblem[] {
  return names.flatMap(({ name, path }) =>
    typeof name !== 'string' || known.includes(name)
      ? []
      : [{ path, complaint: `: ${what} ${name} ${complaint(name, known)}` }],
  );
}
