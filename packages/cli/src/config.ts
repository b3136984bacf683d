import type { Command } from 'commander';
import { budgetText } from './budget-text.ts';
import { exitCodes } from './exit-codes.ts';

interface ConfigOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `driftline config check`, `show` and `schema`. */
export function config(program: Command): void {
  const command = program.command('config').description('Check and show the settings of the drift service');
  withFile(command.command('check').description('Say everything that is wrong with driftline.yaml')).action(check);
  withFile(command.command('show').description('Print the settings in effect, with *** for secrets')).action(show);
  command.command('schema').description('Print the JSON Schema of driftline.yaml, for editors').action(schema);
}

function withFile(command: Command): Command {
  return command
    .option('--config <file>', 'settings file (default: driftline.yaml, if there is one)')
    .option('--json', 'print JSON');
}

async function check({ config: file, json }: ConfigOptions): Promise<void> {
  const { explainSettings, formatDuration, readSettings, SettingsError } = await import(
    '@driftline/collector-processor/settings'
  );
  try {
    const models = await explainSettings(readSettings(file, process.env), file);
    print(
      json === true ? asJson({ problems: [], models }) : `No problem found.\n\n${budgetText(models, formatDuration)}`,
    );
  } catch (error) {
    if (!(error instanceof SettingsError) || json !== true) throw error;
    print(asJson({ problems: error.problems }));
    process.exitCode = exitCodes.error;
  }
}

async function show({ config: file, json }: ConfigOptions): Promise<void> {
  const { effectiveSettings, readSettings, showSettings } = await import('@driftline/collector-processor/settings');
  const settings = readSettings(file, process.env);
  print(json === true ? asJson(effectiveSettings(settings)) : showSettings(settings).trimEnd());
}

async function schema(): Promise<void> {
  const { settingsJsonSchema } = await import('@driftline/collector-processor/settings');
  print(asJson(settingsJsonSchema()));
}

function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
