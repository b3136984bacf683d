import type { ML_SECURITY_PATTERN_VALUE_MALFORMED } from '@driftline/semantic-conventions';
import type { CallerPatternName } from './patterns/security-pattern.ts';
import type { RefusalPattern } from './refusal.ts';

export type SecurityPatternName = CallerPatternName | RefusalPattern | typeof ML_SECURITY_PATTERN_VALUE_MALFORMED;
