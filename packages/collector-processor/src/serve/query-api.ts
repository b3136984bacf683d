import { Hono } from 'hono';
import type { Alert, AlertState } from '../alert/alert.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import type { PublicationState } from '../publish/publication-state.ts';
import type { Authenticate } from '../receive/bearer.ts';
import type { ModelIdentity } from '../receive/unit.ts';
import { type ReferenceApi, referenceRoutes } from './reference-api.ts';

/* The answers, as types: a page imports these and nothing else. Times are milliseconds since the epoch. */

/** `GET /api/v1/models` */
export interface ModelsResponse {
  readonly models: readonly ModelSummary[];
}

/** `GET /api/v1/models/{id}/windows?limit=100&before=` */
export interface WindowsResponse {
  readonly model: ModelDescription;
  /** Oldest first: those that end within `limit` window lengths up to the newest, or up to `before`. */
  readonly windows: readonly WindowSummary[];
}

/** `GET /api/v1/alerts` */
export interface AlertsResponse {
  /** Firing first, then pending, then resolved; in each the newest change first. */
  readonly alerts: readonly AlertSummary[];
}

/** Every other status than 200. */
export interface ErrorResponse {
  readonly error: string;
}

export interface ModelDescription {
  readonly id: string;
  readonly name: string;
  /** Empty when the sender states none. */
  readonly version: string;
  readonly resource: Readonly<Record<string, string>>;
}

export interface ModelSummary extends ModelDescription {
  readonly latest: WindowSummary;
  /** Since the first window. */
  readonly lateRows: number;
}

export type WindowSummary = Omit<WindowMeasurement, 'model'>;

export interface AlertSummary extends Omit<Alert, 'model' | 'state'> {
  readonly state: AlertState;
  readonly model: ModelDescription;
}

/** What the API reads; the store has most of it. */
export interface QueryReader {
  latest(): Promise<readonly PublicationState[]>;
  /** Judged windows that end in (after, until], oldest first. */
  results(model: string, after: number, until: number): Promise<readonly WindowMeasurement[]>;
  alerts(): Promise<readonly Alert[]>;
}

export interface QueryApiOptions {
  readonly reader: QueryReader;
  readonly authenticate: Authenticate;
  readonly references: ReferenceApi;
  /** Failures of the reader; the client was told 503. */
  readonly onError?: (error: unknown) => void;
}

/** The read side of the drift service, for the page, for health checks and for scripts. */
export function queryApi({ reader, authenticate, references, onError }: QueryApiOptions): Hono {
  const app = new Hono().basePath('/api/v1');

  app.use(async (context, next) => {
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
    if (authenticate(context.req.header('authorization')) !== undefined) return next();
    context.header('www-authenticate', 'Bearer');
    return context.json(failure('no valid token; send "Authorization: Bearer <token>"'), 401);
  });

  app.get('/models', async (context) => {
    const models = (await reader.latest()).map(modelSummary).toSorted(byName);
    return context.json({ models } satisfies ModelsResponse);
  });

  app.get('/models/:id/windows', async (context) => {
    const limit = wholeNumber(context.req.query('limit') ?? '100', 1_000);
    if (limit === undefined) return context.json(failure('limit must be a whole number from 1 to 1000'), 400);
    const before = context.req.query('before');
    const until = before === undefined ? undefined : wholeNumber(before, Number.MAX_SAFE_INTEGER);
    if (before !== undefined && until === undefined) {
      return context.json(failure('before must be a time in milliseconds since the epoch'), 400);
    }
    const id = context.req.param('id');
    const latest = (await reader.latest()).map((state) => state.latest).find(({ model }) => model.key === id);
    if (latest === undefined) return context.json(failure(`no model has this id; /api/v1/models lists them`), 404);
    // A span of time rather than a count: bounded however many windows there are.
    const span = limit * (latest.windowEnd - latest.windowStart);
    const newest = until === undefined ? latest.windowEnd : until - 1;
    const windows = await reader.results(id, newest - span, newest);
    return context.json({
      model: describe(latest.model),
      windows: windows.slice(-limit).map(windowSummary),
    } satisfies WindowsResponse);
  });

  app.get('/alerts', async (context) => {
    const alerts = (await reader.alerts()).flatMap(alertSummary).toSorted(byUrgency);
    return context.json({ alerts } satisfies AlertsResponse);
  });

  app.route('/', referenceRoutes(references));

  app.all('*', (context) => context.json(failure('not here; try /api/v1/models or /api/v1/alerts'), 404));

  app.onError((error, context) => {
    onError?.(error);
    context.header('retry-after', '1');
    return context.json(failure('the state cannot be read now; try again'), 503);
  });
  return app;
}

function modelSummary({ latest, lateRows }: PublicationState): ModelSummary {
  return { ...describe(latest.model), latest: windowSummary(latest), lateRows };
}

function windowSummary({ model: _model, ...window }: WindowMeasurement): WindowSummary {
  return window;
}

function alertSummary({ model, state, ...alert }: Alert): readonly AlertSummary[] {
  return state === 'inactive' ? [] : [{ ...alert, state, model: describe(model) }];
}

/** The tenant stays inside. */
function describe({ key, name, version, resource }: ModelIdentity): ModelDescription {
  return { id: key, name, version, resource };
}

function byName(one: ModelSummary, other: ModelSummary): number {
  return (
    one.name.localeCompare(other.name) || one.version.localeCompare(other.version) || one.id.localeCompare(other.id)
  );
}

const urgency: readonly AlertState[] = ['firing', 'pending', 'resolved'];

function byUrgency(one: AlertSummary, other: AlertSummary): number {
  return urgency.indexOf(one.state) - urgency.indexOf(other.state) || other.since - one.since;
}

function wholeNumber(text: string, most: number): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= most ? number : undefined;
}

function failure(error: string): ErrorResponse {
  return { error };
}
