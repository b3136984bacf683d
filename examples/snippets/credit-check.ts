import { createHealth, modelHealthTestCheck } from '@driftline/health';
import credit from './credit.health.ts';

export const health = createHealth({
  checks: { credit: modelHealthTestCheck({ test: credit, everyMs: 6 * 3_600_000 }) },
});
