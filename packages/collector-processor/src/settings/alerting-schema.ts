import { z } from 'zod';
import { type AlertCondition, formatCondition, parseCondition } from '../alert/alert-condition.ts';
import type { HoldTime } from '../alert/alert-rule.ts';
import { choice, scalar, text } from './scalars.ts';
import { isPresent, list, section } from './section.ts';
import { formatDuration, parseDuration } from './units.ts';

const when = z.codec(
  z.string({ error: 'must be drift, quality, no_data, or a comparison such as "accuracy < 0.75"' }).meta({
    description: 'drift, quality, no_data, or a comparison.',
    examples: ['drift', 'quality', 'no_data', 'latency.p99 > 50ms'],
  }),
  z.custom<AlertCondition>(isPresent),
  {
    decode: (value, context) => {
      const parsed = parseCondition(value);
      if ('condition' in parsed) return parsed.condition;
      context.issues.push({ code: 'custom', input: value, message: parsed.complaint });
      return z.NEVER;
    },
    encode: formatCondition,
  },
);

const holdTime = scalar<HoldTime>(
  {
    expected: 'a duration such as 10m, or a number of windows such as 2 windows',
    read: (value) => {
      const windows = /^(\d{1,4}) windows?$/.exec(value)?.[1];
      if (windows !== undefined) return { windows: Number(windows) };
      const ms = parseDuration(value);
      return ms === undefined ? undefined : { ms };
    },
    write: (hold) => ('windows' in hold ? `${hold.windows} windows` : formatDuration(hold.ms)),
    examples: ['10m', '2 windows'],
  },
  'How long the condition must hold before the alert fires.',
);

const channelName = text('A name under channels.');

const notify = z.codec(
  z.union([list(channelName, 'channels'), channelName], { error: 'must be the name of a channel, or a list of them' }),
  z.custom<readonly string[]>(isPresent),
  { decode: (value) => (typeof value === 'string' ? [value] : value), encode: (names) => [...names] },
);

const rule = section({
  name: text('Unique; in events and notifications. Without it, the condition is the name.').exactOptional(),
  when,
  for: holdTime.prefault('0s'),
  severity: choice(['info', 'warning', 'critical'], 'How urgent it is.').prefault('warning'),
  notify: notify.prefault([]),
}).refine(({ when, for: hold }) => when.kind !== 'no_data' || ('ms' in hold && hold.ms > 0), {
  path: ['for'],
  message: 'must say how long there is no data: a duration such as 30m',
});

const until = scalar<number>(
  {
    expected: 'a date such as 2026-12-01 or 2026-12-01T08:00:00Z',
    read: (value) =>
      /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : undefined,
    write: (time) => new Date(time).toISOString(),
    examples: ['2026-12-01'],
  },
  'When the silence ends.',
);

export const rules = list(rule, 'rules');

export const silences = list(
  section({
    rule: text('Only alerts of this rule.').exactOptional(),
    model: text('Only alerts about this model.').exactOptional(),
    until,
    reason: text('Why, for whoever wonders.').prefault('not stated'),
  }),
  'silences',
);
