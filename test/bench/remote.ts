import http from 'node:http';
import { text } from 'node:stream/consumers';
import { performance } from 'node:perf_hooks';
import { startDriftline } from '@driftline/instrumentation';
import { inferenceHttp, instrumentModule } from '@driftline/instrumentation/auto/module';
import { obtain } from '../components/component.ts';
import { mlserver } from '../components/mlserver.ts';
import { MLServerAtWork } from '../support/mlserver-at-work.ts';
import { realTracer } from './real-tracer.ts';

export interface RequestCost {
  readonly name: string;
  readonly microseconds: number;
}

const question = JSON.stringify({
  inputs: [{ name: 'X', shape: [1, 2], datatype: 'FP64', data: [39, 13] }],
  outputs: [{ name: 'predict_proba' }],
});
const headers = { 'content-type': 'application/json' };
const binding = { input: 'X', columns: ['age', 'hours'], score: 'predict_proba[1]' };

/** What a request to a real model server takes, bare and watched by turns, and what one to elsewhere costs: medians. */
export async function remoteCosts(rounds: number): Promise<readonly RequestCost[]> {
  const installed = await obtain(mlserver);
  if (installed.state === 'missing') return [];
  realTracer();
  startDriftline({ service: 'bench', endpoint: 'http://127.0.0.1:9' }).metricProducer();
  await using server = await MLServerAtWork.start(installed.path);
  const url = `${server.url}/v2/models/hiring/infer`;
  const clients = { fetch: () => byFetch(url), 'node:http': () => byHttp(url) };
  const configs = {
    bare: undefined,
    'span and latency': {},
    'features and predictions too': { models: [{ match: 'hiring', binding }] },
  };
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [client, ask] of Object.entries(clients)) {
      for (const [watched, config] of Object.entries(configs)) {
        const instrumented = config && instrumentModule(inferenceHttp, globalThis, config);
        const name = `${client}: ${watched}`;
        times.set(name, [...(times.get(name) ?? []), ...(await timesOf(ask))]);
        instrumented?.restore();
      }
    }
  }
  return [
    ...[...times].map(([name, spent]) => ({ name, microseconds: 1000 * median(spent) })),
    { name: 'added to a fetch that asks no model', microseconds: await ofAnotherFetch(1_000_000) },
  ];
}

/** Of 25 calls in a row, after 5 that warm up. */
async function timesOf(ask: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let call = 0; call < 30; call++) {
    const startedAt = performance.now();
    await ask();
    times.push(performance.now() - startedAt);
  }
  return times.slice(5);
}

async function byFetch(url: string): Promise<unknown> {
  return (await fetch(url, { method: 'POST', headers, body: question })).text();
}

function byHttp(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers }, (response) => resolve(text(response)));
    request.on('error', reject).end(question);
  });
}

/** Against a `fetch` that does nothing, so that only ours is seen. */
async function ofAnotherFetch(calls: number): Promise<number> {
  const original = globalThis.fetch;
  globalThis.fetch = () => answered;
  try {
    await timeOf(calls);
    const bare = await timeOf(calls);
    instrumentModule(inferenceHttp, globalThis);
    await timeOf(calls);
    return (1000 * ((await timeOf(calls)) - bare)) / calls;
  } finally {
    globalThis.fetch = original;
  }
}

const answered = Promise.resolve(new Response());

async function timeOf(calls: number): Promise<number> {
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) await fetch('http://127.0.0.1:9/orders', { method: 'POST' });
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
