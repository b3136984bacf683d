import {
  effectiveSettings,
  readSettings,
  SettingsError,
  settingsJsonSchema,
  showSettings,
} from '@driftline/collector-processor';
import type { Command } from 'commander';

interface ConfigOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `driftline config check`, `schema` and `show`. */
export function config(program: Command): void {
  const command = program.command('config').description('Look at the settings of the drift service');

  withFile(command.command('check'))
    .description('Say everything that is wrong with driftline.yaml')
    .action(({ config: file, json }: ConfigOptions) => {
      try {
        readSettings(file, process.env);
        print(json === true ? toJson({ problems: [] }) : 'No problem found.');
      } catch (error) {
        if (!(error instanceof SettingsError) || json !== true) throw error;
        print(toJson({ file: error.file, problems: error.problems }));
        process.exitCode = 2;
      }
    });

  withFile(command.command('show'))
    .description('Print the settings in effect, with *** for secrets')
    .action(({ config: file, json }: ConfigOptions) => {
      const settings = readSettings(file, process.env);
      print(json === true ? toJson(effectiveSettings(settings)) : showSettings(settings).trimEnd());
    });

  command
    .command('schema')
    .description('Print the JSON Schema of driftline.yaml, for editors')
    .action(() => print(toJson(settingsJsonSchema())));
}

function withFile(command: Command): Command {
  return command
    .option('--config <file>', 'settings file (default: driftline.yaml, if there is one)')
    .option('--json', 'print JSON');
}

function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
