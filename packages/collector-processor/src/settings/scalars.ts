import { z } from 'zod';
import { formatAddress, parseAddress } from './address.ts';
import { Secret } from './secret.ts';
import { complaint, isPresent, type Later } from './section.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from './units.ts';

type Scalar = string | number | boolean;

interface ScalarReader<T> {
  /** Completes "must be ...". */
  readonly expected: string;
  readonly read: (text: string) => T | undefined;
  readonly write: (value: T) => Scalar;
  /** For editors: what a plain, not substituted, value looks like. */
  readonly examples?: readonly Scalar[];
}

/**
 * One value read from its text, so that a number may come from `"${MIN_ROWS}"` as well as stand there. The text that
 * is wrong is shown by whoever reports it, from the file: a substituted secret never gets into a message.
 */
export function scalar<T>({ expected, read, write, examples }: ScalarReader<T>, brief: string) {
  const complain = `must be ${expected}`;
  const written = z
    .union([z.string(), z.number(), z.boolean()], {
      error: ({ input }) => (input === undefined ? `is missing; it ${complain}` : complain),
    })
    .meta({ description: brief, ...(examples === undefined ? {} : { examples: [...examples] }) });
  return z.codec(written, z.custom<T>(isPresent), {
    decode: (value, context) => {
      const parsed = read(String(value));
      if (parsed !== undefined) return parsed;
      context.issues.push({ code: 'custom', input: value, message: complain });
      return z.NEVER;
    },
    encode: write,
  });
}

export function duration(brief: string, { least = 0 }: { readonly least?: number } = {}) {
  return scalar(
    {
      expected: `a duration such as 30s, 5m, 2h or 7d${least === 0 ? '' : `, at least ${formatDuration(least)}`}`,
      read: (text) => within(wholeMilliseconds(text), least, Number.MAX_SAFE_INTEGER),
      write: formatDuration,
      examples: ['30s', '5m'],
    },
    brief,
  );
}

export function size(brief: string) {
  return scalar(
    {
      expected: 'a size such as 500KiB or 64MiB, at least 1KiB',
      read: (text) => within(parseSize(text), 1_024, Number.MAX_SAFE_INTEGER),
      write: formatSize,
      examples: ['64MiB'],
    },
    brief,
  );
}

/** A whole number; `5_000_000` is read too. */
export function count(brief: string, { least = 1, most = 1e9 } = {}) {
  return scalar(
    {
      expected: `a whole number from ${least} to ${most}`,
      read: (text) => (/^\d[\d_]*$/.test(text) ? within(Number(text.replaceAll('_', '')), least, most) : undefined),
      write: Number,
    },
    brief,
  );
}

export function positive(brief: string, { most = 1e9 } = {}) {
  return scalar(
    {
      expected: `a number above 0, at most ${most}`,
      read: (text) => within(number(text), Number.MIN_VALUE, most),
      write: Number,
    },
    brief,
  );
}

/** Of rows: `5%` and `0.05` say the same. */
export function share(brief: string) {
  return scalar(
    {
      expected: 'a share of rows from 0 to 1 such as 0.05 or 5%',
      read: (text) => {
        const isPercent = text.endsWith('%');
        const value = number(isPercent ? text.slice(0, -1).trim() : text);
        return within(value === undefined || !isPercent ? value : value / 100, 0, 1);
      },
      write: Number,
      examples: [0.05, '5%'],
    },
    brief,
  );
}

/** Any finite number. */
export function anyNumber(brief: string) {
  return scalar(
    { expected: 'a number', read: (text) => within(number(text), -Number.MAX_VALUE, Number.MAX_VALUE), write: Number },
    brief,
  );
}

export function flag(brief: string) {
  return scalar(
    {
      expected: 'true or false',
      read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
      write: Boolean,
      examples: [true, false],
    },
    brief,
  );
}

export function text(brief: string) {
  return scalar(
    { expected: 'a text that is not empty', read: (value) => (value === '' ? undefined : value), write: String },
    brief,
  );
}

export function address(brief: string) {
  return scalar(
    {
      expected: 'an address such as 127.0.0.1:3743, [::1]:3743 or 0.0.0.0:3743',
      read: parseAddress,
      write: formatAddress,
      examples: ['127.0.0.1:3743'],
    },
    brief,
  );
}

export function secret(brief: string) {
  return scalar(
    {
      expected:
        'a text that is not empty; take it from the environment, "${NAME}", or a file, "${file:/run/secrets/x}"',
      read: (value) => (value === '' ? undefined : new Secret(value)),
      write: String,
    },
    brief,
  );
}

/** Empty is allowed, and means off. Credentials belong in headers, where they are a secret. */
export function url(brief: string) {
  return scalar({ expected: urlExpected, read: (value) => (isUrl(value) ? value : undefined), write: String }, brief);
}

/** A web hook's address gives access by itself. Empty is allowed, and means off. */
export function secretUrl(brief: string) {
  return scalar(
    {
      expected: urlExpected,
      read: (value) => (isUrl(value) ? new Secret(value) : undefined),
      write: String,
    },
    brief,
  );
}

/** One of a few words. */
export function choice<const Word extends string>(known: readonly Word[], brief: string, later: Later = {}) {
  return z
    .enum(known, {
      error: ({ input }) => {
        if (input === undefined) return `is missing; known: ${known.join(', ')}`;
        return complaint(typeof input === 'string' ? input : '', known, later);
      },
    })
    .meta({ description: brief });
}

export function number(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function wholeMilliseconds(text: string): number | undefined {
  const duration = parseDuration(text);
  return duration === undefined ? undefined : Math.round(duration);
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}

const urlExpected = 'an address such as http://127.0.0.1:4318, without user and password; empty switches it off';

function isUrl(text: string): boolean {
  if (text === '') return true;
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  return parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
}
