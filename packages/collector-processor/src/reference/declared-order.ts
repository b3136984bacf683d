import type { DataFile } from '../files/data-file.ts';
import { DataFileError } from '../files/data-file-error.ts';
import { misplacedIn } from '../settings/order-places.ts';
import { MOST_CATEGORIES } from './categorical-column.ts';

/** Of each ordinal column its categories, from the lowest to the highest. */
export type ColumnOrders = Readonly<Record<string, readonly string[]>>;

/** Throws a DataFileError for an order that is none, or of a column that is not there or stays out. */
export function checkOrders(
  orders: ColumnOrders,
  file: DataFile,
  { exclude = [], time }: { readonly exclude?: readonly string[] | undefined; readonly time?: string | undefined },
): void {
  for (const [name, order] of Object.entries(orders)) {
    file.column(name);
    const refuse = (why: string): never => {
      throw new DataFileError(`the order of column ${JSON.stringify(name)} ${why}`);
    };
    if (exclude.includes(name)) refuse('is declared, and the column is excluded. Take one of them back.');
    if (name === time) refuse('is declared, and the column is the time of the rows, which is no feature.');
    if (order.length < 2) refuse(`has one category, ${JSON.stringify(order[0] ?? '')}; two are needed for an order.`);
    if (order.length > MOST_CATEGORIES) refuse(`has ${order.length} categories; ${MOST_CATEGORIES} are the most.`);
    const misplaced = misplacedIn(order);
    if (misplaced === undefined) continue;
    refuse(`has ${JSON.stringify(order[misplaced.place])}, which ${misplaced.complaint}.`);
  }
}
