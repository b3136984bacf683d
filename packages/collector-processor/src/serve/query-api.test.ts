import { serve } from '@hono/node-server';
import { afterEach, describe, expect, it } from 'vitest';
import { portOf } from '../../../../test/support/port-of.ts';
import type { Alert } from '../alert/alert.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import { afterWindow } from '../publish/publication-state.ts';
import { anyone, bearerTokens } from '../receive/bearer.ts';
import { Secret } from '../settings.ts';
import {
  type AlertsResponse,
  type ErrorResponse,
  type ModelsResponse,
  queryApi,
  type QueryApiOptions,
  type WindowsResponse,
} from './query-api.ts';

const minute = 60_000;

describe('the query API', () => {
  it('lists models by name, with their last window and without the tenant', async () => {
    const { status, body } = await get('/api/v1/models');
    expect(status).toBe(200);
    expect(body.models?.map(({ name }) => name)).toEqual(['employment', 'fraud']);
    expect(body.models?.[0]).toMatchObject({
      id: 'key-employment',
      version: '7',
      resource: { 'service.name': 'hiring-api' },
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
      resource: { 'service.name': 'hiring-api' },
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

const windows = Array.from({ length: 10 }, (_, index) => window('employment', 5 * (index + 1)));

const reader: QueryApiOptions['reader'] = {
  latest: async () => [window('fraud', 50), window('employment', 50)].map((latest) => afterWindow(undefined, latest)),
  results: async (model, after, until) =>
    windows.filter((one) => one.model.key === model && one.windowEnd > after && one.windowEnd <= until),
  alerts: async () => [
    alert('pending', 20),
    alert('resolved', 40),
    alert('firing', 10),
    alert('inactive', 50),
    alert('firing', 30),
  ],
};

function window(name: string, end: number): WindowMeasurement {
  return {
    model: { key: `key-${name}`, tenant: 'tenant-a', resource: { 'service.name': 'hiring-api' }, name, version: '7' },
    windowStart: (end - 5) * minute,
    windowEnd: end * minute,
    rows: 1_000,
    lateRows: 0,
    state: 'ok',
    features: [],
    performance: [],
  };
}

function alert(state: Alert['state'], since: number): Alert {
  return {
    id: `${state}-${since}`,
    rule: 'drift',
    severity: 'warning',
    model: window('employment', 5).model,
    state,
    since,
    activeSince: since,
    windows: 1,
    transition: 1,
    value: 0.3,
    threshold: 0.2,
    features: [],
  };
}

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
  const { fetch: answer } = queryApi({ reader, authenticate: anyone, ...options });
  const listening = serve({ fetch: answer, port: 0, hostname: '127.0.0.1' });
  server = listening;
  await new Promise<void>((resolve) => listening.once('listening', resolve));
  const response = await fetch(`http://127.0.0.1:${portOf(listening)}${path}`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  const body: Answer = JSON.parse(await response.text());
  return { status: response.status, body };
}
