import { serve } from '@hono/node-server';
import { afterEach, describe, expect, it } from 'vitest';
import { alertOf, employment, minute, windowOf } from '../../../../test/support/measurements.ts';
import { portOf } from '../../../../test/support/port-of.ts';
import { afterWindow } from '../publish/publication-state.ts';
import { anyone, bearerTokens } from '../receive/bearer.ts';
import { Secret } from '../settings.ts';
import type { ReferenceApi } from './reference-api.ts';
import {
  type AlertsResponse,
  type ErrorResponse,
  type ModelsResponse,
  queryApi,
  type QueryApiOptions,
  type WindowsResponse,
} from './query-api.ts';

/** References are those of a running service, in test/scenarios. */
const noReferences: ReferenceApi = {
  view: () => Promise.resolve(undefined),
  change: () => Promise.resolve({ refused: 'unknown', message: '' }),
  writeRefusal: () => undefined,
};

describe('the query API', () => {
  it('lists models by name, with their last window and without the tenant', async () => {
    const { status, body } = await get('/api/v1/models');
    expect(status).toBe(200);
    expect(body.models?.map(({ name }) => name)).toEqual(['employment', 'fraud']);
    expect(body.models?.[0]).toMatchObject({
      id: 'key-employment',
      version: '7',
      resource: employment.resource,
      latest: { state: 'ok', windowEnd: 50 * minute, rows: 1_000, features: [] },
    });
    expect(JSON.stringify(body)).not.toContain('tenant');
  });

  it('gives the last windows of a model, oldest first, and pages back in time', async () => {
    const { body } = await get('/api/v1/models/key-employment/windows?limit=3');
    expect(ends(body)).toEqual([40, 45, 50]);
    expect(ends((await get(`/api/v1/models/key-employment/windows?limit=2&before=${40 * minute}`)).body)).toEqual([
      30, 35,
    ]);
    expect(ends((await get('/api/v1/models/key-employment/windows')).body)).toHaveLength(10);
  });

  it.each([
    ['/api/v1/models/nobody/windows', 404, 'no model has this id; /api/v1/models lists them'],
    ['/api/v1/models/key-employment/windows?limit=0', 400, 'limit must be a whole number from 1 to 1000'],
    ['/api/v1/models/key-employment/windows?limit=all', 400, 'limit must be a whole number from 1 to 1000'],
    ['/api/v1/models/key-employment/windows?before=noon', 400, 'before must be a time in milliseconds since the epoch'],
    ['/api/v1/model', 404, 'not here; try /api/v1/models or /api/v1/alerts'],
  ])('%s is %d', async (path, status, error) => {
    expect(await get(path)).toMatchObject({ status, body: { error } });
  });

  it('lists alerts, firing first, without those that were called off', async () => {
    const { body } = await get('/api/v1/alerts');
    expect(body.alerts?.map(({ state, since }) => `${state} ${since}`)).toEqual([
      'firing 30',
      'firing 10',
      'pending 20',
      'resolved 40',
    ]);
    expect(body.alerts?.[0]?.model).toEqual({
      id: 'key-employment',
      name: 'employment',
      version: '7',
      resource: employment.resource,
    });
  });

  it('asks for a token where one is set', async () => {
    const authenticate = bearerTokens([{ bearer: new Secret('open sesame') }]);
    expect(await get('/api/v1/alerts', { authenticate })).toMatchObject({ status: 401 });
    expect(await get('/api/v1/alerts', { authenticate }, 'Bearer wrong')).toMatchObject({ status: 401 });
    expect(await get('/api/v1/alerts', { authenticate }, 'Bearer open sesame')).toMatchObject({ status: 401 });
    expect(
      await get('/api/v1/alerts', { authenticate: bearerTokens([{ bearer: new Secret('sesame') }]) }, 'Bearer sesame'),
    ).toMatchObject({ status: 200 });
  });

  it('says when the state cannot be read, and never why', async () => {
    const errors: unknown[] = [];
    const broken = { ...reader, alerts: async () => Promise.reject(new Error('disk /var/secret')) };
    const { status, body } = await get('/api/v1/alerts', { reader: broken, onError: (error) => errors.push(error) });
    expect({ status, body }).toEqual({ status: 503, body: { error: 'the state cannot be read now; try again' } });
    expect(errors).toHaveLength(1);
  });
});

const windows = Array.from({ length: 10 }, (_, index) => windowOf({ end: 5 * (index + 1) }));
const fraud = { ...employment, key: 'key-fraud', name: 'fraud' };

const reader: QueryApiOptions['reader'] = {
  latest: async () =>
    [windowOf({ end: 50, model: fraud }), windowOf({ end: 50 })].map((one) => afterWindow(undefined, one)),
  results: async (model, after, until) =>
    windows.filter((one) => one.model.key === model && one.windowEnd > after && one.windowEnd <= until),
  alerts: async () => [
    alertOf('pending', { since: 20 }),
    alertOf('resolved', { since: 40 }),
    alertOf('firing', { since: 10 }),
    alertOf('inactive', { since: 50 }),
    alertOf('firing', { since: 30 }),
  ],
};

function ends({ windows = [] }: Answer): readonly number[] {
  return windows.map(({ windowEnd }) => windowEnd / minute);
}

/** Any of the answers; each test looks at what is in it. */
type Answer = Partial<ModelsResponse & WindowsResponse & AlertsResponse & ErrorResponse>;

let server: { close(): unknown } | undefined;
afterEach(() => server?.close());

async function get(
  path: string,
  options: Partial<QueryApiOptions> = {},
  authorization?: string,
): Promise<{ readonly status: number; readonly body: Answer }> {
  server?.close();
  const { fetch: answer } = queryApi({ reader, references: noReferences, authenticate: anyone, ...options });
  const listening = serve({ fetch: answer, port: 0, hostname: '127.0.0.1' });
  server = listening;
  await new Promise<void>((resolve) => listening.once('listening', resolve));
  const response = await fetch(`http://127.0.0.1:${portOf(listening)}${path}`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  const body: Answer = JSON.parse(await response.text());
  return { status: response.status, body };
}
