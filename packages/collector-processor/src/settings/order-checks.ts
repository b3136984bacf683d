import type { ProfileColumns } from './constraint-checks.ts';
import { complaint } from './section.ts';
import { type CrossProblem, field, mapping } from './written.ts';
import type { Path } from './yaml-source.ts';

export function hasOrders(features: unknown): boolean {
  return Object.values(mapping(features)).some((settings) => field(settings, 'order') !== undefined);
}

/** Orders of what the profile lacks, and of what has no categories to be in an order. */
export function orderProblems(features: unknown, columns: ProfileColumns, path: Path): readonly CrossProblem[] {
  const kinds = new Map([...Object.entries(columns.outputs), ...Object.entries(columns.features)]);
  return Object.entries(mapping(features)).flatMap(([name, settings]) => {
    const kind = kinds.get(name);
    if (field(settings, 'order') === undefined || kind === 'categorical') return [];
    const why =
      kind === undefined
        ? `: feature ${name} of the profile ${complaint(name, [...kinds.keys()])}`
        : `is of ${name}, which is ${kind} in the profile; categories have an order. Build the profile with --ordinal ${name}=...`;
    return [{ path: [...path, name, 'order'], complaint: why }];
  });
}
