import {
  ML_SECURITY_PATTERN_VALUE_FORBIDDEN,
  ML_SECURITY_PATTERN_VALUE_INVALID,
  ML_SECURITY_PATTERN_VALUE_THROTTLED,
  ML_SECURITY_PATTERN_VALUE_UNAUTHENTICATED,
} from '@driftline/semantic-conventions';

export type RefusalPattern =
  | typeof ML_SECURITY_PATTERN_VALUE_UNAUTHENTICATED
  | typeof ML_SECURITY_PATTERN_VALUE_FORBIDDEN
  | typeof ML_SECURITY_PATTERN_VALUE_THROTTLED
  | typeof ML_SECURITY_PATTERN_VALUE_INVALID;

/** What a request was refused for, by the HTTP status it was answered with; undefined where that is no refusal. */
export function refusalPattern(status: number): RefusalPattern | undefined {
  switch (status) {
    case 401:
    case 407:
      return ML_SECURITY_PATTERN_VALUE_UNAUTHENTICATED;
    case 403:
      return ML_SECURITY_PATTERN_VALUE_FORBIDDEN;
    case 429:
      return ML_SECURITY_PATTERN_VALUE_THROTTLED;
    case 400:
    case 413:
    case 415:
    case 422:
      return ML_SECURITY_PATTERN_VALUE_INVALID;
    default:
      return undefined;
  }
}
