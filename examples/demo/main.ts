import { parseArgs, styleText } from 'node:util';
import { runDemo } from './demo.ts';
import { Screen } from './screen.ts';

const USAGE =
  'npm run demo            until Ctrl-C\nnpm run demo -- --once  to the end, then checks what was found: exit 0, or 1';

const once = wantsOnce();
if (once !== undefined) await run(once);

async function run(once: boolean): Promise<void> {
  const stop = new AbortController();
  // A second Ctrl-C ends it the hard way.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const isWatched = process.stdout.isTTY && !once;
  const screen = new Screen(process.stdout, (style, text) => styleText(style, text));
  try {
    const broken = await runDemo({ screen, signal: stop.signal, weekTakesMs: once ? 0 : 1_000, staysUp: isWatched });
    for (const promise of broken) process.stderr.write(`demo: ${promise}\n`);
    if (once && (broken.length > 0 || stop.signal.aborted)) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}

function wantsOnce(): boolean | undefined {
  try {
    return parseArgs({ options: { once: { type: 'boolean', default: false } } }).values.once;
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exitCode = 2;
    return undefined;
  }
}
