import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DriftlineProcess } from '../../../test/support/driftline-process.ts';
import { OtlpReceivingEnd } from '../../../test/support/otlp-receiving-end.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const health = new URL('../../health/src/index.ts', import.meta.url).href;
const demo = new URL('../../../examples/demo/', import.meta.url);
const flightsTest = fileURLToPath(new URL('flights.health.ts', demo));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-health-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real binary, from its sources. */
function driftline(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, OTEL_EXPORTER_OTLP_ENDPOINT: undefined };
    const command = ['--conditions=@driftline/source', main, 'health', 'test', ...args];
    execFile(process.execPath, command, { env, cwd: folder, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** The late-arrival model, spoilt, against what is true of the real one. */
const spoilt = (version: string, answer: string) => `
  import { defineModelHealthTest, performanceTest, predictionTest } from '${health}';
  import { readFlights } from '${new URL('flight.ts', demo).href}';
  import { loadLateArrivalModel } from '${new URL('late-arrival-model.ts', demo).href}';
  const flights = (await readFlights('held-back')).filter(({ late }) => late !== null).slice(0, 1500);
  export default defineModelHealthTest({
    model: { name: 'late-arrival', version: '${version}' },
    load: async () => {
      const model = await loadLateArrivalModel();
      return async (flight: object): Promise<number> => { const score = await model(flight); return ${answer}; };
    },
    tests: {
      range: predictionTest({ inputs: flights.slice(0, 20), form: { min: 0, max: 1 } }),
      ranking: performanceTest({
        rows: flights.map((input) => ({ input, truth: input.late ? 'late' : 'on time' })),
        read: (score: number) => ({ class: score >= 0.5 ? 'late' : 'on time', score }),
        positive: 'late',
        metrics: { accuracy: {}, roc_auc: { limit: 0.65 } },
      }),
    },
  });`;

/** A model that is a line of code, for what has nothing to do with models. */
const trivial = (predict: string) => `
  import { defineModelHealthTest, predictionTest } from '${health}';
  export const test = defineModelHealthTest({
    model: { name: 'trivial\\u001B[31m' },
    load: () => ${predict},
    tests: { answers: predictionTest({ golden: [{ input: 1, answer: 1 }] }) },
  });`;

describe('driftline health test', { timeout: 60_000 }, () => {
  it('passes the real model of the demo, in 80 columns, and writes what CI asks for', async () => {
    const [junit, badge] = [join(folder, 'junit.xml'), join(folder, 'badge.svg')];
    const { code, stdout, stderr } = await driftline(flightsTest, '--junit', junit, '--badge', badge);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const [, ...lines] = stdout.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^ {4}ok {9}accuracy: 0\.8\d+ \(0\.7\d+ to 0\.8\d+\) on 2000 rows, at least 0\.7$/m);
    expect(stdout).toMatch(/^ {2}memory, [\d.]+ s$/m);
    expect(stdout).toMatch(/cold load: [\d.]+ ms/);
    expect(stdout).toMatch(/\n\n(1 uncertain, )?1[34] ok in [\d.]+ s\n$/);
    expect(await readFile(junit, 'utf8')).toContain('<testsuite name="late-arrival 2013-03" tests="14" failures="0"');
    expect(await readFile(badge, 'utf8')).toContain('<svg ');
  });

  it('fails a version that is worse than the one in the baseline, and leaves the baseline as it was', async () => {
    const baseline = join(folder, 'baseline.json');
    const good = await fileOf('good.health.ts', spoilt('1', 'score'));
    const bad = await fileOf('bad.health.ts', spoilt('2', 'flight.hour % 2 === 0 ? 0.9 : score'));
    expect(await driftline(good, '--baseline', baseline, '--update-baseline')).toMatchObject({ code: 0 });
    const written = await readFile(baseline, 'utf8');

    expect(await driftline(good, '--baseline', baseline)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ok         roc_auc since 1:'),
    });
    const { code, stdout } = await driftline(bad, '--baseline', baseline, '--update-baseline');
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED     accuracy since 1:');
    expect(stdout).toContain('FAILED     roc_auc since 1:');
    expect(await readFile(baseline, 'utf8')).toBe(written);
  });

  it('prints JSON, and names what failed', async () => {
    const file = await fileOf('range.health.ts', spoilt('3', '2 * score'));
    const { code, stdout } = await driftline(file, '--json');
    expect(code).toBe(1);
    const { models } = JSON.parse(stdout);
    expect(models).toMatchObject([{ name: 'late-arrival', version: '3', verdict: 'failed', file: 'range.health.ts' }]);
    const range = models[0].tests.find(({ name }: { name: string }) => name === 'range');
    expect(range.findings).toMatchObject([{ verdict: 'ok' }, { name: 'form of answers', verdict: 'failed' }]);
    expect(stdout).not.toContain('kept');
  });

  it('sends figures and findings by OTLP', async () => {
    const backend = new OtlpReceivingEnd();
    onTestFinished(() => backend[Symbol.asyncDispose]());
    const url = await backend.listen();
    const file = await fileOf('otlp.health.ts', spoilt('4', '2 * score'));
    expect((await driftline(file, '--otlp', url)).code).toBe(1);
    const about = { 'ml.model.name': 'late-arrival', 'ml.model.version': '4' };
    const named = (name: string) => backend.metrics.filter((metric) => metric.name === name);
    expect(named('driftline.health.test.value')).toContainEqual(
      expect.objectContaining({
        value: expect.closeTo(0.72, 1),
        attributes: {
          ...about,
          'test.suite.name': 'ranking',
          'test.case.name': 'roc_auc',
          'driftline.health.test.type': 'performance',
          'driftline.health.test.unit': '1',
        },
        resource: expect.objectContaining({ 'service.name': 'driftline health test' }),
      }),
    );
    expect(named('driftline.health.test.limit')).toContainEqual(expect.objectContaining({ value: 0.65 }));
    const failing = named('driftline.health.test.status').filter(
      ({ value, attributes }) => value === 1 && attributes['test.case.result.status'] === 'fail',
    );
    expect(failing.map(({ attributes }) => attributes['test.case.name'])).toEqual(['form of answers']);
    expect(backend.logs).toContainEqual(
      expect.objectContaining({
        name: 'driftline.health.test.result',
        attributes: expect.objectContaining({
          ...about,
          'test.case.result.status': 'fail',
          'driftline.health.test.message': expect.stringMatching(/inputs break it/),
        }),
      }),
    );
  });

  it('says when results did not arrive', async () => {
    const file = await fileOf('unsent.health.mjs', trivial('(x) => x'));
    const { code, stderr } = await driftline(file, '--otlp', 'http://127.0.0.1:9');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^driftline: results were not taken at http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
  });

  it('finds tests in folders, and none among dependencies; what a name holds does not reach the terminal', async () => {
    const project = join(folder, 'project');
    await mkdir(join(project, 'models/node_modules/copy'), { recursive: true });
    await writeFile(join(project, 'models/one.health.mjs'), trivial('(x) => x'));
    await writeFile(join(project, 'models/node_modules/copy/two.health.mjs'), trivial('(x) => -x'));
    const { code, stdout } = await driftline(project);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('trivial?[31m') });
    expect(stdout).not.toContain('\u001B');
  });

  it.each<[string, () => Promise<Ran>, RegExp]>([
    [
      'a folder without tests',
      () => driftline(join(folder, '..', 'driftline-none')),
      /does not exist; give a test file/,
    ],
    [
      'a test file that throws',
      async () => driftline(await fileOf('a.health.mjs', 'throw new Error("oh")')),
      /a\.health\.mjs cannot be loaded: oh/,
    ],
    [
      'a file without a test',
      async () => driftline(await fileOf('b.health.mjs', 'export const x = 1')),
      /exports no model health test; export default/,
    ],
    [
      'one model in two files',
      async () =>
        driftline(await fileOf('c.health.mjs', trivial('Number')), await fileOf('d.health.mjs', trivial('Number'))),
      /d\.health\.mjs: the model ".*" is tested in c\.health\.mjs already/,
    ],
    [
      'a baseline that is not there',
      async () => driftline(await fileOf('e.health.mjs', trivial('Number')), '--baseline', 'no.json'),
      /no\.json does not exist; write it first: --update-baseline/,
    ],
    [
      'a baseline that is none',
      async () =>
        driftline(await fileOf('f.health.mjs', trivial('Number')), '--baseline', await fileOf('b.json', '{}')),
      /b\.json is not a baseline: format must be/,
    ],
    ['an update of nothing', () => driftline('--update-baseline'), /--update-baseline needs --baseline <file>/],
    ['a badge of no kind', () => driftline('--badge', 'x.png'), /--badge x\.png: end the name in \.svg/],
    [
      'an address that is none',
      async () => driftline(await fileOf('g.health.mjs', trivial('Number')), '--otlp', 'backend'),
      /--otlp backend: give an OTLP\/HTTP address/,
    ],
    ['a schedule that is none', () => driftline('--every', 'often'), /--every often: give a duration/],
  ])('answers %s with exit 2 and one clear line', async (_, run, message) => {
    const { code, stdout, stderr } = await run();
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
});

describe('driftline health test --every', { timeout: 60_000 }, () => {
  const begin = (file: string) => {
    const options = { cwd: folder, env: { NO_COLOR: '1' } };
    const running = new DriftlineProcess(['health', 'test', file, '--every', '1s', '--json'], options);
    onTestFinished(() => running[Symbol.asyncDispose]());
    return running;
  };
  const runsIn = (output: string) => output.match(/"verdict": "(ok|failed)",\n {6}"tests"/g)?.length ?? 0;

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'runs again and again until %s, and ends with the last verdict',
    async (signal) => {
      const file = await fileOf(`every-${signal}.health.mjs`, trivial('(x) => -x'));
      const running = begin(file);
      await vi.waitFor(() => expect(runsIn(running.output)).toBeGreaterThanOrEqual(2), { timeout: 20_000 });
      process.kill(running.pid, signal);
      expect(await running.exited).toBe(1);
      expect(running.output).toContain(`${signal}, stopping; again to stop at once`);
    },
  );

  it('breaks off the test under way, and a second signal waits for nothing', async () => {
    const slow = await fileOf(
      'slow.health.mjs',
      trivial('() => new Promise((resolve) => setTimeout(resolve, 60_000))'),
    );
    const running = begin(slow);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    process.kill(running.pid, 'SIGTERM');
    await vi.waitFor(() => expect(running.output).toContain('SIGTERM, stopping'), 30_000);
    process.kill(running.pid, 'SIGTERM');
    expect(await running.exited).toBe(2);
  });
});
