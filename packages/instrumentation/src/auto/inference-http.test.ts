import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { monitorModel } from '../monitor-model.ts';
import { portOf } from '../../../../test/support/port-of.ts';
import { type Captured, captureDriftline } from '../testing.ts';
import { inferenceHttp } from './inference-http.ts';
import { type InstrumentedModule, instrumentModule } from './instrument/instrument-module.ts';

const question = JSON.stringify({
  inputs: [{ name: 'X', shape: [2, 2], datatype: 'FP64', data: [39, 13, 50, 40] }],
});
const answer = JSON.stringify({ outputs: [{ name: 'scores', shape: [2, 1], datatype: 'FP64', data: [0.2, 0.8] }] });
const json = { 'content-type': 'application/json' };

/** How a server of the Open Inference Protocol may answer, by the model that is asked. */
const behaviours: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  plain: (response) => response.writeHead(200, json).end(answer),
  zipped: (response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(answer)),
  pieces: (response) => {
    response.writeHead(200, json).write(answer.slice(0, 10));
    setTimeout(() => response.end(answer.slice(10)), 20);
  },
  long: (response) => response.writeHead(200, json).end(`{"padding":"${'x'.repeat(2_000_000)}"}`),
  moved: (response) => response.writeHead(307, { location: '/v2/models/plain/infer' }).end(),
  overloaded: (response) => response.writeHead(503, json).end('{"error":"too many"}'),
  garbage: (response) => response.writeHead(200, json).end('planted-4711'),
  silent: () => {},
  stuck: (response) => response.writeHead(200, json).write(answer.slice(0, 10)),
  stream: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n');
  },
};

const noModel = (response: ServerResponse): unknown => response.end('no model');

let server: Server;
let origin: string;
let captured: Captured;
let instrumented: InstrumentedModule<object>;
const bareFetch = globalThis.fetch;

beforeEach(async () => {
  server = http.createServer((request, response) => {
    const [, model = ''] = /\/v2\/models\/(\w+)/.exec(request.url ?? '') ?? [];
    request.resume().on('end', () => (behaviours[model] ?? noModel)(response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${portOf(server)}`;
  captured = captureDriftline();
  const binding = { input: 'X', columns: ['age', 'hours'], score: 'scores[0]' };
  instrumented = instrumentModule(inferenceHttp, globalThis, { models: [{ match: /infer$/, binding }] });
});

afterEach(async () => {
  instrumented.restore();
  captured[Symbol.dispose]();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const urlOf = (model: string): string => `${origin}/v2/models/${model}/infer?key=of-the-application`;
const ask = (model: string, init: RequestInit = {}): Promise<Response> =>
  fetch(urlOf(model), { method: 'POST', headers: json, body: question, ...init });

/** Outputs are read beside the application. */
const settled = (model: string) => expect.poll(() => captured.model(model).calls);

describe('fetch', () => {
  it.each(['plain', 'zipped', 'pieces'])('reads a %s answer beside the application', async (model) => {
    const response = await ask(model);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe(answer);
    await settled(model).toBe(1);
    expect(captured.model(model).feature('age')).toMatchObject({ count: 2, mean: 44.5 });
    expect(captured.model(model).output('score')).toMatchObject({ count: 2, mean: 0.5 });
    expect(captured.errors).toEqual([]);
  });

  it('reads the answer also where the application does not', async () => {
    await (await ask('pieces')).body?.cancel();
    await settled('pieces').toBe(1);
    expect(captured.model('pieces').output('score').count).toBe(2);
  });

  it('leaves a long answer to the application alone', async () => {
    expect(await (await ask('long')).text()).toHaveLength(2_000_014);
    await settled('long').toBe(1);
    expect(captured.model('long').feature('age').count).toBe(2);
    expect(captured.errors).toEqual([]);
  });

  it('hands out a stream as it comes', async () => {
    const response = await ask('stream');
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('data: one\n\n');
    await settled('stream').toBe(1);
  });

  it('leaves a Request and its body as they are', async () => {
    const request = new Request(urlOf('plain'), { method: 'POST', headers: json, body: question });
    expect(await (await fetch(request)).text()).toBe(answer);
    expect(request.bodyUsed).toBe(true);
    await settled('plain').toBe(1);
    expect(captured.model('plain').output('score').count).toBe(2);
  });

  it('follows a redirect as one call', async () => {
    const response = await ask('moved');
    expect([response.redirected, await response.text()]).toEqual([true, answer]);
    await settled('moved').toBe(1);
    expect(() => captured.model('plain')).toThrow();
  });

  it('fails with the very reason of an abort', async () => {
    const controller = new AbortController();
    const reason = new Error('the user left');
    const asked = ask('silent', { signal: controller.signal });
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await expect.poll(() => captured.model('silent').failedCalls).toBe(1);
  });

  it('fails with the very reason of an abort while the answer arrives', async () => {
    const controller = new AbortController();
    const reason = new Error('the user left');
    const response = await ask('stuck', { signal: controller.signal });
    controller.abort(reason);
    await expect(response.text()).rejects.toBe(reason);
    await settled('stuck').toBe(1);
    expect(captured.errors).toEqual([]);
  });

  it('counts a refusal as a failed call, which the application reads as before', async () => {
    const response = await ask('overloaded');
    expect([response.status, await response.text()]).toEqual([503, '{"error":"too many"}']);
    await expect.poll(() => captured.model('overloaded').failedCalls).toBe(1);
    expect(captured.model('overloaded').feature('hours').count).toBe(2);
  });

  it('says of an answer that it cannot read nothing of what is in it', async () => {
    expect(await (await ask('garbage')).text()).toBe('planted-4711');
    await settled('garbage').toBe(1);
    expect(captured.errors.map(({ stage }) => stage)).toEqual(['prediction']);
    expect(captured.errors[0]?.message).not.toContain('planted');
  });

  it('says itself what is wrong with its arguments', async () => {
    await expect(fetch('no url')).rejects.toThrow(TypeError);
    await expect(ask('plain', { method: 'PO ST' })).rejects.toThrow(TypeError);
    await expect(Reflect.apply(fetch, undefined, [])).rejects.toThrow(TypeError);
    await expect(fetch('/v2/models/plain/infer', { method: 'POST' })).rejects.toThrow(TypeError);
  });

  it('leaves a rejection that nobody handles unhandled', async () => {
    const code = `
      import { inferenceHttp } from './inference-http.ts';
      import { instrumentModule } from './instrument/instrument-module.ts';
      instrumentModule(inferenceHttp, globalThis);
      fetch('http://127.0.0.1:9/v2/models/plain/infer', { method: 'POST', body: '{}' });`;
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const ended = promisify(execFile)(
      process.execPath,
      ['--conditions=@driftline/source', '--input-type=module', '--eval', code],
      { cwd: folder },
    );
    await expect(ended).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('fetch failed') });
  });

  it('is not looked at where it asks no model', async () => {
    expect(await (await fetch(`${origin}/v2/models/plain`)).text()).toBe(answer);
    expect(await (await fetch(`${origin}/elsewhere`, { method: 'POST', body: question })).text()).toBe('no model');
    expect(() => captured.model('plain')).toThrow();
  });

  it('is part of the call that the application watches itself', async () => {
    const hiring = monitorModel({ name: 'hiring' });
    const predict = hiring.wrap(async (age: number) => (await ask('plain')).json().then(() => age), {
      features: (age) => ({ age }),
      prediction: (value) => value,
      remote: { address: '127.0.0.1' },
    });
    const unnamed = instrumentModule(inferenceHttp, globalThis);
    await predict(39);
    unnamed.restore();
    expect(captured.model('hiring').calls).toBe(1);
    expect(() => captured.model('plain')).toThrow();
  });

  it('is the very same function afterwards', () => {
    expect(globalThis.fetch).not.toBe(bareFetch);
    instrumented.restore();
    expect(globalThis.fetch).toBe(bareFetch);
  });
});

describe('node:http', () => {
  function request(model: string): http.ClientRequest {
    return http.request(urlOf(model), { method: 'POST', headers: json });
  }

  it.each(['plain', 'zipped', 'pieces'])('reads a %s answer beside the application', async (model) => {
    const asking = request(model);
    asking.write(question.slice(0, 30));
    asking.end(question.slice(30));
    const [response]: IncomingMessage[] = await once(asking, 'response');
    const body = Buffer.concat((await response?.toArray()) ?? []);
    expect(body).toEqual(model === 'zipped' ? gzipSync(answer) : Buffer.from(answer));
    await settled(model).toBe(1);
    expect(captured.model(model).feature('age')).toMatchObject({ count: 2, mean: 44.5 });
    expect(captured.model(model).output('score')).toMatchObject({ count: 2, mean: 0.5 });
    expect(captured.errors).toEqual([]);
  });

  it('discards an answer that nobody listens for', async () => {
    const asking = request('long').end(question);
    await once(asking, 'close');
    await settled('long').toBe(1);
  });

  it('counts a call whose answer is broken off', async () => {
    const asking = request('stuck').end(question);
    const [response]: IncomingMessage[] = await once(asking, 'response');
    response?.destroy();
    await settled('stuck').toBe(1);
    expect(captured.errors).toEqual([]);
  });

  it('leaves a paused answer paused', async () => {
    const asking = request('plain').end(question);
    const [response]: IncomingMessage[] = await once(asking, 'response');
    expect(response?.readableFlowing).toBeNull();
    expect(response?.listenerCount('data')).toBe(0);
    expect(response && (await text(response))).toBe(answer);
  });

  it('counts as failed what the application gives up, what is refused, and what nobody answers', async () => {
    const givenUp = request('silent').end(question);
    setTimeout(() => givenUp.destroy(), 20);
    await expect(once(givenUp, 'close')).rejects.toThrow('socket hang up');
    await expect.poll(() => captured.model('silent').failedCalls).toBe(1);
    const refused = request('overloaded').end(question);
    await once(refused, 'close');
    await expect.poll(() => captured.model('overloaded').failedCalls).toBe(1);
    const unanswered = http.request('http://127.0.0.1:9/v2/models/nobody/infer', { method: 'POST' }).end();
    await expect(once(unanswered, 'close')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect.poll(() => captured.model('nobody').failedCalls).toBe(1);
  });

  it('goes by without anybody listening afterwards', async () => {
    instrumented.restore();
    await once(request('plain').end(question), 'close');
    expect(() => captured.model('plain')).toThrow();
  });
});
