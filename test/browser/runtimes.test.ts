import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../../examples/browser/bundle.ts';
import { obtain } from '../components/component.ts';
import { npmRuntime } from '../components/npm-runtime.ts';
import { type SketchPointReceived, SketchReceivingEnd } from '../support/sketch-receiving-end.ts';

const run = promisify(execFile);

const runtimes = [
  { name: 'deno', version: '2.9.6', flags: ['run', '--allow-net', '--allow-env'] },
  { name: 'bun', version: '1.4.5', flags: [] },
] as const;

let folder: string;
let script: string;
let driftService: SketchReceivingEnd;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-runtimes-'));
  script = await bundle(`${import.meta.dirname}/any-runtime.ts`);
  await writeFile(join(folder, 'script.mjs'), script);
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  driftService = await SketchReceivingEnd.start();
});

afterEach(() => driftService[Symbol.asyncDispose]());

/** How many values arrived of the feature `n` and of the output `value`. */
function arrived(): readonly number[] {
  return ['n', 'value'].map((name) =>
    driftService.points
      .filter((point) => point.metric.endsWith('.value') && nameOf(point) === name)
      .reduce((sum, { count }) => sum + Number(count), 0),
  );
}

function nameOf({ attributes }: SketchPointReceived): unknown {
  return attributes['ml.feature.name'] ?? attributes['ml.output.name'];
}

describe.each(runtimes)('$name', async ({ name, version, flags }) => {
  const available = await obtain(npmRuntime(name, version));

  it.skipIf(available.state === 'missing')('sends every prediction', async () => {
    if (available.state === 'missing') return;
    const file = join(folder, `${name}.mjs`);
    const call = `await sendPredictions(${JSON.stringify(driftService.url)})`;
    await writeFile(
      file,
      `import { sendPredictions } from './script.mjs';\nif (${call} > 0) throw new Error('failed');`,
    );
    await run(available.path, [...flags, file]);
    expect(arrived()).toEqual([200, 200]);
  });
});

/** What browsers, workers and edge runtimes have in common, and nothing of Node: no process, no Buffer, no require. */
it('sends every prediction where only the web platform is', async () => {
  const context = vm.createContext({
    AbortSignal,
    Blob,
    CompressionStream,
    Response,
    TextEncoder,
    URL,
    clearTimeout,
    console,
    crypto,
    endpoint: driftService.url,
    fetch,
    performance,
    setTimeout,
  });
  const exported = /export\s*\{\s*(\w+) as sendPredictions\s*\};?\s*$/;
  const code = script.replace(exported, '$1(endpoint)');
  expect(await vm.runInContext(code, context)).toBe(0);
  expect(vm.runInContext('typeof process + typeof Buffer', context)).toBe('undefinedundefined');
  expect(arrived()).toEqual([200, 200]);
});
