import { once } from 'node:events';
import type { Settings } from '@driftline/collector-processor';
import type { Command } from 'commander';

interface ServeOptions {
  readonly config?: string;
  readonly listen?: string;
}

/** `driftline serve`: the drift service, until Ctrl-C or SIGTERM. */
export function serve(program: Command): void {
  program
    .command('serve')
    .description('Run the drift service: OTLP in, drift gauges and alert events out')
    .option('--config <file>', 'settings; driftline.yaml in this folder where there is one')
    .option('--listen <host:port>', 'for everything, over the settings')
    .action(run);
}

async function run({ config, listen }: ServeOptions): Promise<void> {
  const { describeReference, listenOn, readSettings, startDriftService } = await import(
    '@driftline/collector-processor'
  );
  const read = readSettings(config, process.env);
  const settings = listen === undefined ? read : listenOn(read, listen);
  const service = await startDriftService({ settings, log: say });
  const stop = new AbortController();
  const stopped = Promise.race(
    ['SIGINT', 'SIGTERM'].map((name) => once(process, name, { signal: stop.signal }).then(() => name)),
  );
  // Whoever reads this may stop the service at once, and it must end as well as later.
  process.stdout.write(`${greeting(settings, service, describeReference(settings.defaults.reference)).join('\n')}\n`);
  const signal = await stopped;
  stop.abort();
  say(`${signal}, finishing what was accepted; again to stop at once`);
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1));
  await service.close({ drainMs: signal === 'SIGTERM' ? DRAIN_MS : 0 });
}

/** An orchestrator sends SIGTERM, and needs a moment to see that the service is not ready any more. */
const DRAIN_MS = 5_000;

function say(line: string): void {
  process.stderr.write(`driftline: ${line}\n`);
}

function greeting(
  settings: Settings,
  { url, otlpUrl }: { readonly url: string; readonly otlpUrl: string },
  reference: string,
): readonly string[] {
  const { publish, store, models, rules } = settings;
  const own = Object.values(models).filter(({ reference }) => reference !== undefined).length;
  return [
    'Driftline drift service',
    '',
    `  OTLP     ${otlpUrl}/v1/metrics   DRIFTLINE_ENDPOINT=${otlpUrl}`,
    `  results  ${url}/api/v1/models`,
    `  health   ${url}/readyz`,
    `  state    ${store.path}`,
    `  publish  ${publish.endpoint === '' ? 'nowhere; set publish.endpoint to send gauges and events on' : publish.endpoint}`,
    `  models   ${own === 0 ? '' : `${own} with a reference of their own; others `}compared with ${reference}`,
    `  alerts   ${rules.length === 0 ? 'none; add rules to driftline.yaml (driftline init)' : rules.map(({ name }) => name).join(', ')}`,
    '',
  ];
}
