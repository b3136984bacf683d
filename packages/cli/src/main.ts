#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { exitCodes } from './exit-codes.ts';
import { complaintOfNode } from './node-version.ts';

const manifest: { readonly version: string; readonly engines: { readonly node: string } } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const program = new Command('driftline')
  .description('Finds drift in what machine-learning models see and say, and tells their owners')
  .version(manifest.version)
  .exitOverride();
for (const add of commands) add(program);

try {
  const complaint = complaintOfNode(process.versions.node, manifest.engines.node);
  if (complaint !== undefined) throw new Error(complaint);
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
