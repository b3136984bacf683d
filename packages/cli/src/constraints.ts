import type { Command } from 'commander';
import { wholeRows } from './options.ts';

interface LearnOptions {
  readonly windowRows: number;
  readonly json?: boolean;
}

/** One broken constraint in ten months of windows of five minutes. */
const RISK = 0.1 / 8_640;

/** `driftline constraints learn`. */
export function constraints(program: Command): void {
  program
    .command('constraints')
    .description('Constraints on the data of a model')
    .command('learn')
    .argument('<profile>', 'reference profile')
    .description('Print what the reference holds, as settings to look through and paste into driftline.yaml')
    .option('--window-rows <rows>', 'rows that a window usually has: fewer make wider limits', wholeRows, 1_000)
    .option('--json', 'print JSON')
    .action(learn);
}

async function learn(path: string, { windowRows, json }: LearnOptions): Promise<void> {
  const { constraintsAsWritten, learnConstraints, readProfile } = await import(
    '@driftline/collector-processor/profile'
  );
  const profile = await readProfile(path);
  const learned = learnConstraints(profile, { windowRows, risk: RISK });
  const written =
    json === true ? JSON.stringify(learned, undefined, 2) : constraintsAsWritten(profile.model.name, learned);
  process.stdout.write(`${written.trimEnd()}\n`);
}
