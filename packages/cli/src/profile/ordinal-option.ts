import type { ColumnOrders } from '@driftline/collector-processor/profile';
import { InvalidArgumentError } from 'commander';

export const ordinalHelp =
  'column of categories in an order, grade=low,medium,high, or with a JSON array of them; repeatable';

/** One more `column=order` of the command line. Spaces around a category are not part of it, except in JSON. */
export function ordered(written: string, before: ColumnOrders): ColumnOrders {
  const end = written.indexOf('=');
  const column = written.slice(0, Math.max(0, end)).trim();
  if (column === '') throw new InvalidArgumentError('A column and its categories are needed, grade=low,medium,high.');
  if (Object.hasOwn(before, column)) throw new InvalidArgumentError(`${column} has an order already.`);
  return { ...before, [column]: categoriesIn(written.slice(end + 1).trim()) };
}

function categoriesIn(order: string): readonly string[] {
  if (!order.startsWith('[')) return order.split(',').map((category) => category.trim());
  const categories = listIn(order);
  if (categories !== undefined) return categories;
  throw new InvalidArgumentError(`${order} is no JSON array of texts, such as ["a, b","c"].`);
}

function listIn(json: string): readonly string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : undefined;
  } catch {
    return undefined;
  }
}
