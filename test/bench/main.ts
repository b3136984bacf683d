/** `npm run bench [-- sketches predict decode]`: every comparison within one run, since machines drift between runs. */
import { run } from 'mitata';
import { decodeBenchmarks } from './decode.ts';
import { predictBenchmarks } from './predict.ts';
import { sketchBenchmarks, sketchMemory } from './sketches.ts';

const suites = { sketches: sketchBenchmarks, predict: predictBenchmarks, decode: decodeBenchmarks } as const;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  process.stderr.write(`bench: ${unknown.join(', ')} is unknown; known: ${Object.keys(suites).join(', ')}\n`);
  process.exit(2);
}
const isWanted = (name: string): boolean => named.length === 0 || named.includes(name);
// First, while nothing else is on the heap.
const memory = isWanted('sketches') ? sketchMemory(100) : undefined;
for (const [name, register] of Object.entries(suites)) if (isWanted(name)) register();
await run();
if (memory !== undefined) {
  process.stdout.write(
    `\nsketches of 100 features hold ${inMegabytes(memory.onEdges)} on edges, ${inMegabytes(memory.exponential)} exponential\n`,
  );
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
