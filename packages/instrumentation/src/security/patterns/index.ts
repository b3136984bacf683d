import { flood } from './flood.ts';
import { probing } from './probing.ts';

/** The registry: one line a pattern. */
export const securityPatterns = [flood, probing] as const;
