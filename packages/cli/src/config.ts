import type { Command } from 'commander';
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
  const { readSettings, SettingsError } = await import('@driftline/collector-processor/settings');
  try {
    readSettings(file, process.env);
  } catch (error) {
    if (!(error instanceof SettingsError) || json !== true) throw error;
    print(asJson({ problems: error.problems }));
    process.exitCode = exitCodes.error;
    return;
  }
  print(json === true ? asJson({ problems: [] }) : 'No problem found.');
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
