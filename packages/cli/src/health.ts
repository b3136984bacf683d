import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Baseline, ModelHealthReport } from '@driftline/health';
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { readBaseline, writeBaseline } from './health/baseline-file.ts';
import { enableGarbageCollection } from './health/garbage-collection.ts';
import { type OtlpEndpoint, otlpEndpoint, sendReports } from './health/otlp-report.ts';
import { asText } from './health/report-text.ts';
import { loadTests, type LoadedTest } from './health/test-files.ts';
import { ProgressLine } from './progress.ts';
import { printable } from './table.ts';

interface TestOptions {
  readonly json?: boolean;
  readonly junit?: string;
  readonly otlp?: string;
  readonly badge?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly every?: string;
}

interface RunOptions extends TestOptions {
  readonly endpoint: OtlpEndpoint | undefined;
}

/** `driftline health test`: is the model fit for production, in CI or on a schedule. */
export function health(program: Command): void {
  program
    .command('health')
    .description('Test models before and while they are in production')
    .command('test')
    .argument('[files...]', 'test files, or folders to look for *.health.ts, .js and .mjs in (default: this folder)')
    .description('Run model health tests: exit 0 nothing failed, 1 something failed, 2 error')
    .option('--json', 'print JSON')
    .option('--junit <file>', 'write JUnit XML for the CI server')
    .option('--otlp <url>', 'send results to this OTLP/HTTP address; OTEL_EXPORTER_OTLP_ENDPOINT otherwise')
    .option('--badge <file>', 'write a badge: NAME.svg, or NAME.json for img.shields.io/endpoint')
    .option('--baseline <file>', 'results of the last version, to compare with')
    .option('--update-baseline', 'write what passed to the baseline')
    .option('--every <duration>', 'run again and again, every 6h for instance, until Ctrl-C or SIGTERM')
    .action(run);
}

async function run(paths: readonly string[], options: TestOptions): Promise<void> {
  checkOptions(options);
  const everyMs = options.every === undefined ? undefined : await interval(options.every);
  const endpoint = otlpEndpoint(options.otlp, process.env);
  enableGarbageCollection();
  const tests = await loadTests(paths);
  if (everyMs === undefined) {
    process.exitCode = await runOnce(tests, { ...options, endpoint }, new AbortController().signal);
    endSoon();
    return;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => askedToStop(stop, name));
  while (!stop.signal.aborted) {
    const startedAt = performance.now();
    process.exitCode =
      (await runUnlessStopped(tests, { ...options, endpoint }, stop.signal)) ?? process.exitCode ?? exitCodes.ok;
    const restMs = Math.max(0, everyMs - (performance.now() - startedAt));
    await sleep(restMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  endSoon();
}

function checkOptions({ badge, baseline, updateBaseline }: TestOptions): void {
  if (updateBaseline === true && baseline === undefined)
    throw new Error('--update-baseline needs --baseline <file>: where to write it');
  if (badge !== undefined && !/\.(svg|json)$/.test(badge))
    throw new Error(`--badge ${badge}: end the name in .svg for a picture, or in .json for img.shields.io/endpoint`);
}

async function interval(text: string): Promise<number> {
  const { parseDuration } = await import('@driftline/collector-processor/settings');
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1_000 && ms < 2 ** 31) return ms;
  throw new Error(`--every ${text}: give a duration from 1s to 24d, such as 30s, 15m or 6h`);
}

/** The first time the test under way is broken off; the second time nothing is waited for. */
function askedToStop(stop: AbortController, name: string): void {
  if (stop.signal.aborted) process.exit(exitCodes.error);
  say(`${name}, stopping; again to stop at once`);
  stop.abort(new Error(name));
}

/** On a schedule one run that goes wrong is no reason to miss the next. */
async function runUnlessStopped(
  tests: readonly LoadedTest[],
  options: RunOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return await runOnce(tests, options, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    say(reasonOf(error));
    return exitCodes.error;
  }
}

async function runOnce(tests: readonly LoadedTest[], options: RunOptions, signal: AbortSignal): Promise<number> {
  const { badgeSvg, junitXml, shieldsEndpoint } = await import('@driftline/health');
  const { baseline: path, updateBaseline = false, junit, badge, endpoint } = options;
  const baseline = path === undefined ? {} : await readBaseline(path, updateBaseline);
  const startedAt = performance.now();
  const reports = await runAll(tests, baseline, signal);
  const seconds = (performance.now() - startedAt) / 1_000;

  if (path !== undefined && updateBaseline) await writeBaseline(path, baseline, reports);
  if (junit !== undefined) await writeFile(junit, junitXml(reports));
  if (badge !== undefined)
    await writeFile(badge, badge.endsWith('.svg') ? badgeSvg(reports) : shieldsEndpoint(reports));
  process.stdout.write(`${options.json === true ? asJson(tests, reports) : asText(tests, reports, seconds)}\n`);
  const isSent = await sendUnlessNowhere(endpoint, reports);
  if (reports.some(({ verdict }) => verdict === 'failed')) return exitCodes.finding;
  return isSent ? exitCodes.ok : exitCodes.error;
}

async function runAll(
  tests: readonly LoadedTest[],
  baseline: Baseline,
  signal: AbortSignal,
): Promise<readonly ModelHealthReport[]> {
  const { runModelHealthTest, thisMachine } = await import('@driftline/health');
  using progress = new ProgressLine(process.stderr);
  const reports: ModelHealthReport[] = [];
  for (const { test } of tests) {
    const onTest = ({ name, number, of }: { readonly name: string; readonly number: number; readonly of: number }) =>
      progress.say(printable(`${test.model.name}: ${name}, test ${number} of ${of}`));
    reports.push(await runModelHealthTest(test, { machine: thisMachine, signal, baseline, onTest }));
  }
  return reports;
}

/** Whoever is told of results must learn that they did not arrive; the verdict stands nevertheless. */
async function sendUnlessNowhere(
  endpoint: OtlpEndpoint | undefined,
  reports: readonly ModelHealthReport[],
): Promise<boolean> {
  if (endpoint === undefined) return true;
  try {
    await sendReports(endpoint, reports, Date.now());
    return true;
  } catch (error) {
    say(`results were not taken at ${endpoint.name}: ${reasonOf(error)}`);
    return false;
  }
}

function asJson(tests: readonly LoadedTest[], reports: readonly ModelHealthReport[]): string {
  const models = reports.map(({ model, verdict, results }, index) => ({
    ...model,
    file: tests[index]?.file,
    verdict,
    tests: results.map(({ kept: _kept, ...result }) => result),
  }));
  return JSON.stringify({ models }, undefined, 2);
}

/** Connections that a test file left open must not keep CI waiting. */
function endSoon(): void {
  setTimeout(() => process.exit(), END_MS).unref();
}

const END_MS = 3_000;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function say(line: string): void {
  process.stderr.write(`driftline: ${line}\n`);
}
