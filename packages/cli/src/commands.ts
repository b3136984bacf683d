import type { Command } from 'commander';
import { backtest } from './backtest.ts';
import { compare } from './compare.ts';
import { config } from './config.ts';
import { constraints } from './constraints.ts';
import { doctor } from './doctor.ts';
import { health } from './health.ts';
import { init } from './init.ts';
import { profile } from './profile.ts';
import { reference } from './reference.ts';
import { serve } from './serve.ts';

/** Adds itself and its options to the program; what is heavy is imported when it runs. */
type AddCommand = (program: Command) => void;

/** Every command, in the order in which help shows them. */
export const commands: readonly AddCommand[] = [
  init,
  serve,
  doctor,
  profile,
  constraints,
  compare,
  reference,
  backtest,
  health,
  config,
];
