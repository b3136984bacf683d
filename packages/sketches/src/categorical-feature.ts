import { CategoryCounts } from './category-counts.ts';
import { addStatuses, isMissing, noStatuses, type ObservationStatus, type StatusCounts } from './observation-status.ts';
import type { CategoricalReference } from './reference-profile.ts';

export type CategoricalDefinition =
  | CategoricalReference
  | {
      readonly kind: 'categorical';
      readonly categories?: readonly string[] | undefined;
      /** By default a category that is not declared is counted as `_unseen`: its name might be private. */
      readonly unknown?: 'fold' | 'record' | undefined;
      readonly limit?: number | undefined;
    };

/** Text, booleans and numeric codes, each by its text. */
export class CategoricalFeature {
  readonly kind = 'categorical';
  readonly name: string;
  readonly definition: CategoricalDefinition;
  readonly statuses: StatusCounts = noStatuses();
  readonly categories: CategoryCounts;
  /** Gets this feature's name with every category that is neither in the reference nor declared. */
  outside: Set<string> | undefined;
  readonly #unknownStatus: ObservationStatus;

  constructor(name: string, definition: CategoricalDefinition) {
    const known = knownCategories(definition);
    this.name = name;
    this.definition = definition;
    this.categories =
      'missing' in definition
        ? new CategoryCounts({ known, unknown: 'fold' })
        : new CategoryCounts({ known, unknown: definition.unknown ?? 'fold', limit: definition.limit });
    this.#unknownStatus = known.length > 0 ? 'unseen' : 'valid';
  }

  record(value: unknown): void {
    this.statuses[this.#record(value)]++;
  }

  merge(other: CategoricalFeature): void {
    this.categories.merge(other.categories);
    addStatuses(this.statuses, other.statuses);
  }

  clear(): void {
    this.categories.clear();
    Object.assign(this.statuses, noStatuses());
  }

  blank(): CategoricalFeature {
    return new CategoricalFeature(this.name, this.definition);
  }

  #record(value: unknown): ObservationStatus {
    if (typeof value === 'string') return this.#count(value);
    if (isMissing(value)) return 'missing';
    if (typeof value === 'boolean') return this.#count(value ? 'true' : 'false');
    if (typeof value === 'bigint') return this.#count(String(value));
    if (typeof value !== 'number') return 'wrong_type';
    return Number.isFinite(value) ? this.#count(String(value)) : 'not_a_number';
  }

  #count(category: string): ObservationStatus {
    if (this.categories.record(category) === 'valid') return 'valid';
    if (this.#unknownStatus === 'unseen') this.outside?.add(this.name);
    return this.#unknownStatus;
  }
}

function knownCategories(definition: CategoricalDefinition): readonly string[] {
  if ('missing' in definition) return Object.keys(definition.categories);
  return definition.categories ?? [];
}
