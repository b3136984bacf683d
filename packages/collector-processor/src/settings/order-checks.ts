import type { ProfileColumns } from './constraint-checks.ts';
import { misplacedIn } from './order-places.ts';
import { complaint } from './section.ts';
import { suggestion } from './suggestion.ts';
import { type CrossProblem, field, list, mapping } from './written.ts';
import type { Path } from './yaml-source.ts';

export function hasOrders(features: unknown): boolean {
  return Object.values(mapping(features)).some((settings) => field(settings, 'order') !== undefined);
}

/** Orders of what the profile lacks, of what has no categories to be in an order, and of categories that nobody counts. */
export function orderProblems(features: unknown, columns: ProfileColumns, path: Path): readonly CrossProblem[] {
  const kinds = new Map([...Object.entries(columns.outputs), ...Object.entries(columns.features)]);
  return Object.entries(mapping(features)).flatMap(([name, settings]) => {
    const kind = kinds.get(name);
    const order = field(settings, 'order');
    const place = [...path, name, 'order'];
    if (order === undefined) return [];
    if (kind === 'categorical') return unknownCategories(list(order), name, ownCategories(columns, name), place);
    const why =
      kind === undefined
        ? `: feature ${name} of the profile ${complaint(name, [...kinds.keys()])}`
        : `is of ${name}, which is ${kind} in the profile; categories have an order. Build the profile with --ordinal ${name}=...`;
    return [{ path: place, complaint: why }];
  });
}

/** Senders count what the profile does not name under one name for all, and the order would be weaker by a place. */
function unknownCategories(
  order: readonly unknown[],
  name: string,
  known: readonly string[] | undefined,
  path: Path,
): readonly CrossProblem[] {
  if (known === undefined) return [];
  return order.flatMap((written, place) => {
    const category = String(written);
    // Of a name that stands for others the schema complains.
    if (known.includes(category) || misplacedIn([category]) !== undefined) return [];
    const meant = suggestion(category, known);
    const wayOut = `${meant === undefined ? 'Take' : `Did you mean ${JSON.stringify(meant)}? Else take`} it out, or build the profile with --ordinal ${name}=...`;
    return [{ path: [...path, place], complaint: `is no category of ${name} in the profile. ${wayOut}` }];
  });
}

function ownCategories({ categories = {} }: ProfileColumns, name: string): readonly string[] | undefined {
  return Object.hasOwn(categories, name) ? categories[name] : undefined;
}
