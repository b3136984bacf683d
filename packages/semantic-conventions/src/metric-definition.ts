import type { AttributeName } from './attribute-definitions.ts';

export type Instrument = 'histogram' | 'counter' | 'updowncounter' | 'gauge';

/** `conditional`: required where it applies. */
export type RequirementLevel = 'required' | 'conditional' | 'recommended';

export type MetricAttributes = Readonly<Partial<Record<AttributeName, RequirementLevel>>>;

export interface MetricDefinition {
  readonly instrument: Instrument;
  readonly unit: string;
  readonly brief: string;
  readonly attributes: MetricAttributes;
  /** Explicit bucket boundaries, `(lower, upper]`. Sketches bring those of their reference profile instead. */
  readonly bounds?: readonly number[];
  /** Sent only when asked for. */
  readonly isOptIn?: boolean;
  readonly stability: 'development';
}

export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>;

export const histogram = define('histogram');
export const counter = define('counter');
export const upDownCounter = define('updowncounter');
export const gauge = define('gauge');

function define<const Kind extends Instrument>(instrument: Kind) {
  return <const Attributes extends MetricAttributes>(unit: string, brief: string, attributes: Attributes) =>
    ({ instrument, unit, brief, attributes, stability: 'development' }) as const;
}
