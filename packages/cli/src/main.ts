#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { exitCodes } from './exit-codes.ts';

const program = new Command('driftline')
  .description('Finds drift in what machine-learning models see and say, and tells their owners')
  .version(versionOf(new URL('../package.json', import.meta.url)))
  .exitOverride();
for (const add of commands) add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? exitCodeOf(error) : report(error);
}

/** Commander has said what was wrong; asking for help is nothing wrong. */
function exitCodeOf({ exitCode }: CommanderError): number {
  return exitCode === 0 ? exitCodes.ok : exitCodes.error;
}

function report(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  // Problems with settings begin with their place in the file, one a line, as editors and compilers expect.
  const isPlaced = error instanceof Error && error.name === 'SettingsError';
  process.stderr.write(`${isPlaced ? '' : 'driftline: '}${message}\n`);
  return exitCodes.error;
}

function versionOf(manifest: URL): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(manifest, 'utf8'));
  return version;
}
