import type {
  ML_SECURITY_PATTERN_VALUE_FLOOD,
  ML_SECURITY_PATTERN_VALUE_PROBING,
} from '@driftline/semantic-conventions';
import type { FeatureRow } from '../../call-mappers.ts';

export type CallerPatternName = typeof ML_SECURITY_PATTERN_VALUE_FLOOD | typeof ML_SECURITY_PATTERN_VALUE_PROBING;

/** What one caller sent in one call. */
export interface CallerCall {
  readonly rows: readonly FeatureRow[];
  readonly timeMs: number;
}

/** What is usual among callers: one contribution each, so that nobody who calls often decides what is usual. */
export interface UsualValue {
  /** Undefined until enough callers have contributed. */
  readonly mean: number | undefined;
  contribute(value: number): void;
}

/**
 * Something that a caller of a model does and others do not. Everything about it is in one file; what it remembers of a
 * caller is bounded and stays in this process.
 */
export interface SecurityPattern<Memory> {
  readonly name: CallerPatternName;
  /** The question, in the words of the person on call. */
  readonly answers: string;
  /** Of a caller not seen before. */
  begin(): Memory;
  /** How many rows of this call show the pattern. */
  observe(memory: Memory, call: CallerCall, usual: UsualValue): number;
  /** Traffic in which it is found, and traffic in which it is not: rows by minute of several callers. */
  readonly examples: readonly SecurityExample[];
}

export interface SecurityExample {
  readonly says: string;
  readonly isFound: boolean;
  readonly calls: () => Iterable<CallerCall & { readonly caller: string }>;
}

/** A pattern that hides what it remembers, so that patterns of all kinds fit into one list. */
export interface WatchedPattern extends Pick<SecurityPattern<unknown>, 'name' | 'answers' | 'examples'> {
  watch(usual: UsualValue): CallerWatch;
}

export type CallerWatch = (call: CallerCall) => number;

export function defineSecurityPattern<Memory>(pattern: SecurityPattern<Memory>): WatchedPattern {
  const { name, answers, examples } = pattern;
  return {
    name,
    answers,
    examples,
    watch(usual) {
      const memory = pattern.begin();
      return (call) => pattern.observe(memory, call, usual);
    },
  };
}
