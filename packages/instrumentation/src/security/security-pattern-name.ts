import type { CallerPatternName } from './patterns/security-pattern.ts';
import type { RefusalPattern } from './refusal.ts';

export type SecurityPatternName = CallerPatternName | RefusalPattern;
