import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';

/** `driftline init`: a settings file to start from, and what to do next. */
export function init(program: Command): void {
  program
    .command('init')
    .description('Write a driftline.yaml to start from')
    .option('--config <file>', 'file to write', 'driftline.yaml')
    .action(async ({ config: file }: { readonly config: string }) => {
      const { SETTINGS_SCHEMA_URL } = await import('@driftline/collector-processor/settings');
      writeNew(file, template(SETTINGS_SCHEMA_URL));
      process.stdout.write(`Wrote ${file}. Next:
  npx driftline profile build train.csv --model NAME --model-version 1 --out NAME.profile.json
  npx driftline config check
  npx driftline serve
`);
    });
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') {
      throw new Error(`${file} exists already and was left as it is. Look at it: driftline config check`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Works as it is, with nothing set; what it names is what most people change first. */
const template = (schemaUrl: string) => `# yaml-language-server: $schema=${schemaUrl}
# Every key is optional. \`driftline config show\` prints what is in effect, \`driftline config check\` what is wrong.
version: 1

models:
  # By the name the model reports. Without a profile, the first 10,000 rows are the reference.
  # my-model: { reference: ./my-model.profile.json }

# Where drift gauges and alert events go: a collector, or any backend that takes OTLP over HTTP. Empty: nowhere.
publish: { endpoint: "\${OTEL_EXPORTER_OTLP_ENDPOINT:-}" }

channels:
  oncall: { type: webhook, url: "\${ALERT_URL:-}" }

rules:
  - { when: drift, notify: oncall }
`;
