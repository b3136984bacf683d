import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  listenOn,
  modelSettings,
  parseSettings,
  SettingsError,
  type SettingsSource,
  showSettings,
} from './settings.ts';
import { settingsJsonSchema } from './settings/json-schema.ts';

describe('driftline.yaml', () => {
  it('is not needed: the defaults are a whole set-up on loopback', () => {
    const settings = parse('');
    expect(settings.listen.page).toEqual({ host: '127.0.0.1', port: 3743 });
    expect(settings.publish.endpoint).toBe('');
    expect(modelSettings(settings, 'any')).toMatchObject({
      reference: { capture: { rows: 10_000 } },
      window: { every: 300_000, minRows: 100, lateness: 60_000, hold: 600_000 },
      drift: { falseAlarmsPerMonth: 1, floor: { warning: 0.1, drift: 0.2 } },
    });
  });

  it('reads the minimal file of the documentation', () => {
    const settings = parse(
      `models:
  employment: { reference: ./employment.profile.json }
publish: { endpoint: "\${OTEL_EXPORTER_OTLP_ENDPOINT}" }
channels:
  oncall: { type: webhook, url: "\${ALERT_URL}" }
rules:
  - { when: drift, notify: oncall }
`,
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', ALERT_URL: 'https://hooks.example.com/T0' },
    );
    expect(modelSettings(settings, 'employment').reference).toBe('/etc/driftline/employment.profile.json');
    expect(settings.publish.endpoint).toBe('http://collector:4318');
    expect(settings.channels.oncall?.url.reveal()).toBe('https://hooks.example.com/T0');
    expect(settings.rules).toEqual([
      { name: 'drift', when: { kind: 'drift' }, for: { ms: 0 }, severity: 'warning', notify: ['oncall'] },
    ]);
  });

  it('takes sections that hold only comments for not written', () => {
    expect(parse('models:\n  # none yet\nrules:\nchannels:\n')).toEqual(parse(''));
  });

  it('lets a model override single defaults and keep the others', () => {
    const settings = parse(`
defaults: { window: { every: 10m, min_rows: 500 } }
models: { fraud: { window: { every: 1h }, features: { zip: { ignore: true } } } }
`);
    expect(modelSettings(settings, 'fraud').window).toMatchObject({ every: 3_600_000, minRows: 500, lateness: 60_000 });
    expect(modelSettings(settings, 'fraud').features.zip?.ignore).toBe(true);
    expect(modelSettings(settings, 'other').window.every).toBe(600_000);
  });

  it('reads numbers and flags that come from the environment', () => {
    const settings = parse('limits: { models: "${MODELS}" }\npublish: { p_value: "${P:-true}" }', { MODELS: '12' });
    expect(settings.limits.models).toBe(12);
    expect(settings.publish.pValue).toBe(true);
  });

  it('reads a secret from a file, without its last line end', () => {
    const settings = parse('auth: { otlp: [{ bearer: "${file:/run/secrets/token}" }] }');
    expect(settings.auth).toMatchObject({ otlp: [{ bearer: { reveal: expect.any(Function) } }] });
    expect(settings.auth !== 'none' && settings.auth.otlp[0]?.bearer.reveal()).toBe('secret of /run/secrets/token');
  });
});

describe('settings errors', () => {
  it('names all of them at once, each with line and column', () => {
    expect(
      problems(`listen: { page: 0.0.0.0:3743 }
models:
  employment:
    window: { every: 5 minutes }
    quality: { rules: [unsene] }
publish: { intervall: 60s }
rules:
  - { when: drift, notify: oncal }
channels: { oncall: { type: webhook, url: "" } }
`),
    ).toEqual([
      'driftline.yaml:1:17  listen.page "0.0.0.0:3743" is reachable from other machines without a token; set auth.page to a list of bearer tokens, or write auth: none',
      'driftline.yaml:4:22  models.employment.window.every "5 minutes" must be a duration such as 30s, 5m, 2h or 7d, at least 1s',
      'driftline.yaml:5:24  models.employment.quality.rules[0] "unsene" is unknown; known: missing, not_a_number, wrong_type, out_of_range, unseen, unexpected, constant, cardinality, duplicate_rows, schema, invalid_rows. Did you mean unseen?',
      'driftline.yaml:6:12  publish.intervall is unknown; known: endpoint, headers, interval, p_value, methods, max_series. Did you mean interval?',
      'driftline.yaml:8:28  rules[0].notify "oncal": channel oncal is unknown; known: oncall. Did you mean oncall?',
    ]);
  });

  it('says which variable is missing, and how to do without', () => {
    expect(problems('channels: { oncall: { type: webhook, url: "${ALERT_URL}" } }')).toEqual([
      'driftline.yaml:1:43  channels.oncall.url: ALERT_URL is not set. Set it, or write ${ALERT_URL:-} to switch this off.',
    ]);
  });

  it.each([
    ['listen: { tls: { cert: a } }', 'listen.tls is not built yet; terminate TLS in a proxy in front'],
    ['store: { type: redis }', 'store.type "redis" is not built yet; use sqlite'],
    ['channels: { team: { type: slack } }', 'channels.team.type "slack" is not built yet; send to a webhook'],
    ['defaults: { concept_drift: { detector: adwin } }', 'defaults.concept_drift is not built yet'],
    ['models: { m: { window: { rows: 1000 } } }', 'models.m.window.rows is not built yet'],
  ])('refuses what the documentation promises for later, rather than ignore it: %s', (text, expected) => {
    expect(problems(text)).toHaveLength(1);
    expect(problems(text)[0]).toContain(expected);
  });

  it('lets fixed limits decide, for every model, one model or one feature', () => {
    const settings = parse(`
defaults: { drift: { limits: { psi: 0.25, chi-squared: "p < 0.01" } } }
models:
  m: { drift: { method: hellinger }, features: { age: { drift: { method: auto } }, zip: { drift: { limits: { psi: 1 } } } } }
`);
    const all = { psi: { of: 'score', at: 0.25 }, 'chi-squared': { of: 'p', at: 0.01 } };
    expect(modelSettings(settings, 'other').drift).toMatchObject({ method: 'auto', limits: all });
    expect(modelSettings(settings, 'm').drift).toMatchObject({ method: 'hellinger', limits: all });
    expect(modelSettings(settings, 'm').features).toMatchObject({
      age: { drift: { method: 'auto' } },
      zip: { drift: { limits: { psi: { of: 'score', at: 1 } } } },
    });
    expect(showSettings(settings)).toContain('chi-squared: p < 0.01');
  });

  it.each([
    ['{ drift: { method: psy } }', 'defaults.drift.method "psy" is unknown; known: auto, psi, jensen-shannon'],
    ['{ drift: { limits: { psy: 0.1 } } }', 'defaults.drift.limits.psy is unknown'],
    ['{ drift: { limits: { psi: 0 } } }', 'defaults.drift.limits.psi 0 must be a number above 0'],
    ['{ drift: { limits: { psi: "p < 0.01" } } }', 'defaults.drift.limits.psi "p < 0.01" must be a number above 0'],
    ['{ drift: { limits: { kuiper: "p > 1" } } }', 'must be a number above 0, or a p-value such as "p < 0.01"'],
    ['{ drift: { method: kuiper } }', 'method "kuiper" has no customary limit; write limits: { kuiper: ... }'],
    ['{ drift: { report: [psy] } }', 'defaults.drift.report[0] "psy" is unknown'],
  ])('explains methods and limits: %s', (text, expected) => {
    expect(problems(`defaults: ${text}`).join('\n')).toContain(expected);
  });

  it('takes the limit of a method that has no customary one from above', () => {
    const text = 'defaults: { drift: { limits: { kuiper: 0.1 } } }\nmodels: { m: { drift: { method: kuiper } } }';
    expect(() => parse(text)).not.toThrow();
  });

  it.each([
    ['rules: [{ when: acuracy < 0.75 }]', 'metric acuracy is unknown', 'Did you mean accuracy?'],
    ['rules: [{ when: latency.p99 > 50 }]', ': 50 must be a duration such as 50ms'],
    ['rules: [{ when: no_data }]', 'rules[0].for must say how long there is no data'],
    ['rules: [{ when: drift }, { when: drift }]', ': another rule has this name'],
    ['rules: [{ when: drift, for: soon }]', '"soon" must be a duration such as 10m, or a number of windows'],
    [
      'models: { m: { constraints: [{ feature: age, min: 9, max: 3 }] } }',
      'models.m.constraints[0].min 9 must not be above max, which is 3',
    ],
    [
      'models: { m: { constraints: [{ feature: age }] } }',
      'models.m.constraints[0] checks nothing; add one of min, max, in',
    ],
    ['models: { m: { constraints: [{ min: 3 }] } }', 'models.m.constraints[0].min 3 needs a feature or an output'],
    [
      'models: { m: { constraints: [{ feature: s, in: [] }] } }',
      'models.m.constraints[0].in must name at least one category',
    ],
    [
      'models: { m: { constraints: [{ feature: s, in: [a], max: 3 }] } }',
      'models.m.constraints[0].in is for categories',
    ],
    [
      'models: { m: { constraints: [{ feature: age, rows_at_least: 3 }] } }',
      'models.m.constraints[0].rows_at_least 3 is about whole rows',
    ],
    ['models: { m: { constraints: [{ feature: age, minn: 3 }] } }', 'models.m.constraints[0].minn is unknown'],
    [
      'models: { m: { constraints: [{ feature: age, missing_at_most: 6 }] } }',
      'models.m.constraints[0].missing_at_most 6 must be a share of rows from 0 to 1',
    ],
    ['defaults: { quality: { limits: { mising: 5% } } }', 'defaults.quality.limits.mising is unknown; known: missing'],
    ['rules: [{}]', 'rules[0].when must be drift, quality, no_data, or a comparison'],
    ['silences: [{ rule: drft, until: 2026-12-01 }]', ': rule drft is unknown'],
  ])('explains rules: %s', (text, ...expected) => {
    for (const part of expected) expect(problems(text)[0]).toContain(part);
  });

  it.each([
    ['a: 1\na: 2', /1:|2:/],
    ['models: { m: ', /driftline\.yaml:1:\d+ {2}/],
    ['models: *nobody', /nobody/],
    [
      'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]',
      /alias/i,
    ],
    ['just words', /must be a mapping/],
    ['models: 5', /models 5 must be a mapping from names to settings of models/],
    ['rules: { a: 1 }', /rules must be a list of rules/],
    ['models: { m: { drift: { floor: { warning: 0.5 } } } }', /warning 0.5 must not be above drift/],
    ['[1, 2]', /must be a mapping/],
    ['models: { m: null }', /models\.m/],
    [
      'models:\n  m:\n    reference:\n      - { previous: 1d }\n      - { capture: { rows: 9000 } }',
      /driftline\.yaml:4:7 {2}models\.m\.reference.*capture stands in for what is named first; name it first/,
    ],
    ['? { a: 1 }\n: b', /unknown/],
  ])('turns broken YAML into a problem: %s', (text, expected) => {
    expect(problems(text)[0]).toMatch(expected);
  });

  it('accepts a listener open to others with a token, or with auth: none written out', () => {
    expect(parse('listen: { otlp: "[::]:3743" }\nauth: none').auth).toBe('none');
    expect(parse('listen: { otlp: "[::]:3743" }\nauth: { otlp: [{ bearer: x }] }').listen.otlp.host).toBe('::');
  });
});

describe('--listen', () => {
  it('moves page and OTLP together', () => {
    const { listen } = listenOn(parse(''), '127.0.0.1:3750');
    expect([listen.page.port, listen.otlp.port]).toEqual([3750, 3750]);
  });

  it('is refused where it is no address, or open to others without tokens', () => {
    expect(() => listenOn(parse(''), '3750')).toThrow('--listen  3750 must be an address such as 127.0.0.1:3743');
    expect(() => listenOn(parse(''), '0.0.0.0:3750')).toThrow('without a token; set auth.page and auth.otlp to');
    expect(() => listenOn(parse('auth: { page: [{ bearer: x }] }'), '0.0.0.0:3750')).toThrow('without a token');
    expect(listenOn(parse('auth: none'), '0.0.0.0:3750').listen.page.host).toBe('0.0.0.0');
  });
});

describe('secrets', () => {
  const token = 'pst-4711-hidden';
  const text = `
auth: { otlp: [{ bearer: ${token} }], page: [{ bearer: "\${TOKEN}" }] }
publish: { headers: { api-key: ${token} } }
channels: { hook: { type: webhook, url: "https://hooks.example.com/${token}" } }
`;

  it('print as *** in every form', () => {
    const settings = parse(text, { TOKEN: token });
    for (const shown of [showSettings(settings), JSON.stringify(settings), inspect(settings, { depth: 9 })]) {
      expect(shown).toContain('***');
      expect(shown).not.toContain(token);
    }
    expect(String(settings.publish.headers['api-key'])).toBe('***');
  });

  it.each([
    `auth: ${token}`,
    `auth: { otlp: [${token}] }`,
    `channels: { hook: { type: webhook, url: "ftp://${token}" } }`,
    `publish: { endpoint: "http://user:${token}@vendor" }`,
    `publish: { endpoint: "\${TOKEN}", headers: { a: [${token}] } }`,
    'limits: { models: "${TOKEN}" }',
  ])('stay out of problems, also where they stand in the wrong place: %s', (wrong) => {
    expect(problems(wrong, { TOKEN: token }).join()).not.toContain(token);
  });
});

describe('config show', () => {
  it('prints settings that read back as the same settings', () => {
    const text =
      'models: { m: { reference: p.json, drift: { floor: { drift: 0.3 } } } }\nrules: [{ when: missing > 5%, for: 2 windows }]';
    const settings = parse(text);
    expect(parse(showSettings(settings))).toEqual(settings);
  });
});

describe('the published JSON Schema', () => {
  it('is current: if not, run `npm run driftline -- config schema > packages/collector-processor/driftline.schema.json`', () => {
    const published: unknown = JSON.parse(readFileSync(new URL('../driftline.schema.json', import.meta.url), 'utf8'));
    expect(published).toEqual(settingsJsonSchema());
  });
});

describe('any text at all', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('${A}', '${', '${file:x}', '5m', 'drift', 'a > 1', '1:2', '[::1]:80', '-', 'http://x'),
  );
  const key = fc.oneof(
    fc.constantFrom('listen', 'page', 'otlp', 'auth', 'bearer', 'models', 'm', 'drift', 'floor', 'features', 'rules'),
    fc.constantFrom('when', 'for', 'notify', 'channels', 'type', 'url', 'silences', 'until', 'reference', 'capture'),
    fc.constantFrom('publish', 'headers', 'defaults', 'window', 'every', 'store', '__proto__', 'constructor', 'a b'),
    fc.string(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }));

  it('is read or refused with problems that have a place, and nothing else is thrown', () => {
    fc.assert(fc.property(fc.oneof(tree.map(yamlOf), fc.string(), fc.string({ unit: 'binary' })), isReadOrRefused), {
      numRuns: 1_500,
    });
  });

  it('survives nesting deeper than the stack', () => {
    isReadOrRefused('['.repeat(20_000));
    isReadOrRefused('{a: '.repeat(20_000));
    isReadOrRefused(`models: ${'['.repeat(5_000)}${']'.repeat(5_000)}`);
  });
});

function isReadOrRefused(text: string): void {
  try {
    showSettings(parse(text));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { message } of error.problems) {
      expect(message).not.toBe('');
      // The words of the library are not for people.
      expect(message).not.toMatch(/Invalid (?:input|option|key|element)/);
    }
  }
}

function yamlOf(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false }) ?? '';
}

function parse(text: string, environment: SettingsSource['environment'] = {}) {
  return parseSettings({
    text,
    file: 'driftline.yaml',
    directory: '/etc/driftline',
    environment,
    readSecretFile: (path) => {
      if (path.startsWith('/run/secrets/')) return `secret of ${path}\n`;
      throw new Error('ENOENT');
    },
  });
}

function problems(text: string, environment: SettingsSource['environment'] = {}): readonly string[] {
  try {
    parse(text, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}
