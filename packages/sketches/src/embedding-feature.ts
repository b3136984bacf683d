import { EmbeddingProjections } from './embedding-projections.ts';
import { addStatuses, isMissing, noStatuses, type ObservationStatus, type StatusCounts } from './observation-status.ts';
import type { EmbeddingReference } from './reference-profile.ts';

export type EmbeddingDefinition =
  | EmbeddingReference
  | {
      readonly kind: 'embedding';
      /** The first embedding decides where nothing is declared. */
      readonly dimensions?: number | undefined;
    };

/** Directions take 64 to 128 bytes a dimension: an array longer than this is no embedding. */
const mostDimensions = 16_384;

/** Arrays of numbers of one length. */
export class EmbeddingFeature {
  readonly kind = 'embedding';
  readonly name: string;
  readonly definition: EmbeddingDefinition;
  readonly statuses: StatusCounts = noStatuses();
  #projections: EmbeddingProjections | undefined;

  constructor(name: string, definition: EmbeddingDefinition, projections?: EmbeddingProjections) {
    this.name = name;
    this.definition = definition;
    this.#projections = projections;
    if (projections !== undefined) return;
    if ('projections' in definition) this.#projections = EmbeddingProjections.ofReference(definition);
    else if (definition.dimensions !== undefined) this.#projections = this.#space(definition.dimensions);
  }

  /** Undefined until the number of dimensions is known. */
  get projections(): EmbeddingProjections | undefined {
    return this.#projections;
  }

  record(value: unknown): void {
    this.statuses[this.#record(value)]++;
  }

  canMerge({ projections }: EmbeddingFeature): boolean {
    return !this.#projections || !projections || this.#projections.canMerge(projections);
  }

  merge(other: EmbeddingFeature): void {
    if (other.#projections) (this.#projections ??= other.#projections.blank()).merge(other.#projections);
    addStatuses(this.statuses, other.statuses);
  }

  clear(): void {
    this.#projections?.clear();
    Object.assign(this.statuses, noStatuses());
  }

  blank(): EmbeddingFeature {
    return new EmbeddingFeature(this.name, this.definition, this.#projections?.blank());
  }

  #record(value: unknown): ObservationStatus {
    if (isMissing(value)) return 'missing';
    if (!isVector(value) || value.length === 0 || value.length > mostDimensions) return 'wrong_type';
    return (this.#projections ??= this.#space(value.length)).record(value);
  }

  #space(dimensions: number): EmbeddingProjections {
    return new EmbeddingProjections({ dimensions, seed: this.name });
  }
}

/** A look at the first component is enough: text among the others comes out as not a number. */
function isVector(value: unknown): value is ArrayLike<number> {
  if (value instanceof Float32Array || value instanceof Float64Array) return true;
  return Array.isArray(value) && typeof value[0] === 'number';
}
