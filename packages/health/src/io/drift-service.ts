import { ML_DRIFT_STATE_VALUE_NO_REFERENCE } from '@driftline/semantic-conventions';

/** The last judged window of one model, as far as health is concerned. */
export interface ModelQuality {
  readonly model: { readonly name: string; readonly version: string };
  /** `ok`, `warning`, `drift`, `insufficient_data` or `no_reference`. */
  readonly state: string;
  /** Milliseconds since the epoch; absent before the first window. */
  readonly windowEnd?: number;
  readonly features: readonly {
    readonly name: string;
    readonly state: string;
    /** Shares of the rows seen, by rule. */
    readonly violations: Readonly<Record<string, number>>;
  }[];
}

export type AskQuality = (signal: AbortSignal) => readonly ModelQuality[] | Promise<readonly ModelQuality[]>;

/** Asks the query API of the drift service; all its models, or those of one name. */
export function driftService(
  endpoint: string | URL,
  { model, headers = {} }: { readonly model?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): AskQuality {
  const url = new URL('/api/v1/models', endpoint);
  return async (signal) => {
    const response = await fetch(url, { signal, headers: { accept: 'application/json', ...headers } });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`${url.href} answered ${response.status}`);
    }
    const models = parseModels(await response.json(), url.href);
    return model === undefined ? models : models.filter(({ model: { name } }) => name === model);
  };
}

/** @throws where the answer is not the query API's: something else listens there, or a newer version. */
export function parseModels(body: unknown, source: string): readonly ModelQuality[] {
  const models = field(body, 'models');
  if (!Array.isArray(models))
    throw new Error(`${source} is not the drift service's query API: it has no list "models"`);
  return models.map((item: unknown, index) => {
    const name = field(item, 'name');
    if (typeof name !== 'string') throw new Error(`${source}: models[${index}] has no name`);
    const latest = field(item, 'latest');
    const windowEnd = field(latest, 'windowEnd');
    return {
      model: { name, version: text(field(item, 'version')) ?? '' },
      state: text(field(latest, 'state')) ?? ML_DRIFT_STATE_VALUE_NO_REFERENCE,
      ...(typeof windowEnd === 'number' && { windowEnd }),
      features: list(field(latest, 'features')).map((feature) => ({
        name: text(field(feature, 'name')) ?? '',
        state: text(field(feature, 'state')) ?? '',
        violations: shares(field(feature, 'violations')),
      })),
    };
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function shares(value: unknown): Readonly<Record<string, number>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
