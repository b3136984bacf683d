/** `npm run bench [-- sketches predict decode auto resources remote health compare evaluate]`: every comparison within one run, since machines drift between runs. */
import { run } from 'mitata';
import { autoBenchmarks } from './auto.ts';
import { compareCosts, type Cost } from './compare.ts';
import { evaluationCosts } from './evaluate.ts';
import { decodeBenchmarks } from './decode.ts';
import { probeTimes } from './health.ts';
import { predictBenchmarks } from './predict.ts';
import { remoteCosts } from './remote.ts';
import { resourceCosts } from './resources.ts';
import { sketchBenchmarks, sketchMemory } from './sketches.ts';

const suites = {
  sketches: sketchBenchmarks,
  predict: predictBenchmarks,
  decode: decodeBenchmarks,
  auto: autoBenchmarks,
} as const;

const known = [...Object.keys(suites), 'resources', 'remote', 'health', 'compare', 'evaluate'];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`bench: ${unknown.join(', ')} is unknown; known: ${known.join(', ')}\n`);
  process.exit(2);
}
const isWanted = (name: string): boolean => named.length === 0 || named.includes(name);
// First, while nothing else is on the heap.
const memory = isWanted('sketches') ? sketchMemory(100) : undefined;
for (const [name, register] of Object.entries(suites)) if (isWanted(name)) await register();
if (Object.keys(suites).some(isWanted)) await run();
if (memory !== undefined) {
  process.stdout.write(
    `\nsketches of 100 features hold ${inMegabytes(memory.onEdges)} on edges, ${inMegabytes(memory.exponential)} exponential\n`,
  );
}
if (isWanted('resources')) {
  process.stdout.write('\none collection of resources, median of 200        CPU ms   wall ms\n');
  for (const { name, cpuMs, wallMs } of await resourceCosts(200))
    process.stdout.write(`${name.padEnd(46)}${cpuMs.toFixed(2).padStart(10)}${wallMs.toFixed(2).padStart(10)}\n`);
}
if (isWanted('remote')) {
  process.stdout.write('\na request to a model in MLServer, median of 500              µs\n');
  for (const { name, microseconds } of await remoteCosts(20))
    process.stdout.write(`${name.padEnd(50)}${microseconds.toFixed(2).padStart(10)}\n`);
}
if (isWanted('evaluate')) {
  process.stdout.write('\none window of 1,000 features, median of 30      median ms   best ms\n');
  for (const { name, medianMs, bestMs } of evaluationCosts(30))
    process.stdout.write(`${name.padEnd(46)}${medianMs.toFixed(1).padStart(11)}${bestMs.toFixed(1).padStart(10)}\n`);
}
if (isWanted('health')) {
  process.stdout.write('\n/readyz with every check hanging, 20,000 probes    median ms    p99 ms  worst ms\n');
  for (const checks of [1, 20, 100]) {
    const { medianMs, p99Ms, worstMs } = await probeTimes(checks, 20_000);
    const [median, p99, worst] = [medianMs, p99Ms, worstMs].map((ms) => ms.toFixed(3).padStart(10));
    process.stdout.write(`${`${checks} checks`.padEnd(49)}${median}${p99}${worst}\n`);
  }
}
// Only where it is asked for by name: it takes a quarter of an hour.
if (named.includes('compare')) {
  const { profileBuild, driftline, evidently } = await compareCosts(1_000_000, 100_000, 3);
  process.stdout.write('\n1,000,000 rows of 50 columns                   seconds     CPU s      peak\n');
  const show = (name: string, { seconds, cpuSeconds, peakBytes }: Cost) =>
    process.stdout.write(
      `${name.padEnd(44)}${seconds.toFixed(1).padStart(10)}${cpuSeconds.toFixed(1).padStart(10)}${inMegabytes(peakBytes).padStart(12)}\n`,
    );
  show('driftline profile build, 100,000 rows', profileBuild);
  for (const cost of driftline) show('driftline compare', cost);
  for (const cost of evidently) show('Evidently', cost);
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
