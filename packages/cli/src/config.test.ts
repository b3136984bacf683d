import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileFormat, withProfileId } from '@driftline/sketches';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

describe('driftline init', () => {
  it('writes a file without problems, and says what to do next', () => {
    expect(driftline('init')).toMatchObject({ status: 0, stderr: '' });
    const { status, stdout, stderr } = driftline('config', 'check');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^No problem found\.\n\n/);
  });

  it('leaves an existing file alone', () => {
    writeFileSync(join(directory, 'driftline.yaml'), 'version: 1 # mine\n');
    const { status, stderr } = driftline('init');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'driftline: driftline.yaml exists already and was left as it is. Look at it: driftline config check\n',
    });
    expect(readFileSync(join(directory, 'driftline.yaml'), 'utf8')).toBe('version: 1 # mine\n');
  });
});

describe('driftline config', () => {
  it('names all problems, each at its place, and exits 2', () => {
    writeFileSync(join(directory, 'driftline.yaml'), 'publish: { intervall: 60s }\nlimits: { models: many }\n');
    expect(driftline('config', 'check')).toEqual({
      status: 2,
      stdout: '',
      stderr: `driftline.yaml:1:12  publish.intervall is unknown; known: endpoint, headers, interval, p_value, methods, max_series. Did you mean interval?
driftline.yaml:2:19  limits.models "many" must be a whole number from 1 to 1000000000
`,
    });
    const { problems } = JSON.parse(driftline('config', 'check', '--json').stdout);
    expect(problems).toMatchObject([
      { line: 1, column: 12 },
      { line: 2, column: 19 },
    ]);
  });

  it('says what the budget of false alarms means for each model', () => {
    writeFileSync(
      join(directory, 'driftline.yaml'),
      'models: { fraud: { drift: { false_alarms_per_month: 2, rows_per_entity: 20 } }, nightly: { window: { every: 1d } } }\n',
    );
    const { status, stdout } = driftline('config', 'check');
    expect(status).toBe(0);
    expect(stdout).toContain('fraud: 2 false alarms a month, judged every 5m');
    expect(stdout).toContain('rows that depend on each other are accounted for');
    expect(stdout).toContain('level      1.0e-4 for each window and each hour, 1.7e-6 for the least of 60 tests');
    expect(stdout).toMatch(
      /nightly: 1 false alarm a month, judged every 1d\n.*\n {2}level {6}0\.009 for each window, /,
    );
    expect(stdout).toMatch(/^ +100 +too few rows/m);

    const { models } = JSON.parse(driftline('config', 'check', '--json').stdout);
    expect(models).toMatchObject([
      { model: 'fraud', calibrated: true, reference: 'assumed', hypotheses: 60, referenceRows: 10_000 },
      { model: 'nightly', calibrated: false, levels: [{ horizon: 'window', window: expect.closeTo(0.009, 12) }] },
      { calibrated: false },
    ]);
  });

  it('takes off the level what segments and correlations have of it', () => {
    writeFileSync(
      join(directory, 'driftline.yaml'),
      'models: { whole: { quality: { correlation: false } }, apart: { segments: [country] } }\n',
    );
    const { models } = JSON.parse(driftline('config', 'check', '--json').stdout);
    const [whole, apart] = models.map(({ levels }: { levels: { window: number }[] }) => levels[0]?.window);
    expect(apart / whole).toBeCloseTo(0.5 * 0.9, 12);
  });

  it('names a profile that is not there', () => {
    writeFileSync(join(directory, 'driftline.yaml'), 'models: { fraud: { reference: ./fraud.profile.json } }\n');
    const { status, stderr } = driftline('config', 'check');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^driftline\.yaml {2}models\.fraud\.reference: profile .*fraud\.profile\.json does not exist;/,
    );
  });

  it('knows the categories of a profile, of which an order is', () => {
    const profile = withProfileId({
      format: profileFormat,
      model: { name: 'credit', version: '1' },
      rows: 10,
      features: { grade: { kind: 'categorical', categories: { low: 5, medium: 3, high: 2 }, missing: 0 } },
      outputs: {},
    });
    writeFileSync(join(directory, 'credit.json'), JSON.stringify(profile));
    const written = (order: string) =>
      `models: { credit: { reference: ./credit.json, features: { grade: { order: [${order}] } } } }\n`;
    writeFileSync(join(directory, 'driftline.yaml'), written('low, medium, high'));
    expect(driftline('config', 'check').status).toBe(0);
    writeFileSync(join(directory, 'driftline.yaml'), written('low, medium, hgih'));
    const { status, stderr } = driftline('config', 'check');
    expect(status).toBe(2);
    expect(stderr).toContain('order[2] "hgih" is no category of grade in the profile. Did you mean "high"?');
  });

  it('shows what is in effect, from the environment too, and no secret', () => {
    writeFileSync(join(directory, 'other.yaml'), 'auth: { otlp: [{ bearer: "${OTLP_TOKEN}" }] }\n');
    const { stdout } = driftline('config', 'show', '--config', 'other.yaml', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      auth: { otlp: [{ bearer: '***' }] },
      defaults: { window: { every: '5m', min_rows: 100 } },
    });
  });

  it('prints the schema for editors', () => {
    expect(JSON.parse(driftline('config', 'schema').stdout)).toMatchObject({ properties: { models: {} } });
  });

  it('says which file it cannot read', () => {
    expect(driftline('config', 'show', '--config', 'missing.yaml').stderr).toMatch(
      /^missing\.yaml {2}cannot be read .* driftline init\n$/,
    );
  });
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'driftline-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function driftline(...args: readonly string[]) {
  const main = join(import.meta.dirname, 'main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=@driftline/source', main, ...args], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, OTLP_TOKEN: 'kept-4711' },
  });
  return { status, stdout, stderr };
}
