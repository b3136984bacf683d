/** `npm run bench [-- sketches predict decode]`: every comparison within one run, since machines drift between runs. */
import { run } from 'mitata';
import { decodeBenchmarks } from './decode.ts';
import { predictBenchmarks } from './predict.ts';
import { sketchBenchmarks } from './sketches.ts';

const suites = { sketches: sketchBenchmarks, predict: predictBenchmarks, decode: decodeBenchmarks } as const;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  process.stderr.write(`bench: ${unknown.join(', ')} is unknown; known: ${Object.keys(suites).join(', ')}\n`);
  process.exit(2);
}
for (const [name, register] of Object.entries(suites)) if (named.length === 0 || named.includes(name)) register();
await run();
