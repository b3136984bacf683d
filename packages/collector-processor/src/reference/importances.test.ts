import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReferenceProfile } from '@driftline/sketches';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareFile } from '../compare.ts';
import { DataFileError } from '../files/data-file-error.ts';
import { buildProfile } from './build-profile.ts';
import { importancesOf, parseImportances } from './importances.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { seededRandom } from './seeded-random.ts';

describe('importances', () => {
  it.each([
    ['0.4', 'i.json must hold an object of features and numbers, {"age": 0.4, "hours": 0.1}.'],
    ['[]', 'i.json must hold an object of features and numbers, {"age": 0.4, "hours": 0.1}.'],
    ['{"age": "0.4"}', 'i.json: "age" is "0.4"; a number is needed.'],
    ['{"age": null}', 'i.json: "age" is null; a number is needed.'],
    ['{"age": 1e999}', 'i.json: "age" is Infinity; a number is needed.'],
    ['{"age": -0.01}', 'i.json: "age" is -0.01; below 0 is chance, as permutation has it: write 0, or leave it out.'],
    ['{"age": 0, "hours": 0}', 'i.json: no feature has an importance above 0.'],
    ['{}', 'i.json: no feature has an importance above 0.'],
  ])('are refused where they are %s', (json, message) => {
    expect(() => parseImportances(json, 'i.json')).toThrow(new DataFileError(message));
  });

  it('are refused where Python wrote NaN, by the name of the file', () => {
    expect(() => parseImportances('{"age": NaN}', 'i.json')).toThrow(/^i\.json is no JSON: .*NaN/);
  });

  it('come back as they were written, and any other text is refused by our own error', () => {
    const importance = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), importance), (given) => {
        fc.pre(Object.values(given).some((value) => value > 0));
        const { byFeature } = parseImportances(JSON.stringify(given), 'i.json');
        expect(Object.entries(byFeature)).toEqual(Object.entries(given));
      }),
    );
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), readOrRefused));
  });

  it('are those of the settings where they give any, and else those of the profile', () => {
    const profile = { importances: { age: 0.9, hours: 0.1 } };
    expect(importancesOf({ hours: {} }, profile)).toEqual(
      new Map([
        ['age', 0.9],
        ['hours', 0.1],
      ]),
    );
    expect(importancesOf({ hours: { importance: 3 } }, profile)).toEqual(new Map([['hours', 3]]));
    expect(importancesOf({}, undefined)).toEqual(new Map());
  });
});

describe('a profile with importances', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftline-importances-'));
    path = await rowsOf('train.csv', 0, 0);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const model = { name: 'employment', version: '7' };
  const given = (byFeature: Readonly<Record<string, number>>) => ({ from: 'i.json', byFeature });

  async function rowsOf(name: string, age: number, hours: number): Promise<string> {
    const random = seededRandom(1 + age + hours);
    const lines = Array.from({ length: 2000 }, () => `${random() + age},${random() + hours},${random()},${random()}`);
    await writeFile(join(folder, name), `age,hours,pay,score\n${lines.join('\n')}\n`);
    return join(folder, name);
  }

  it('keeps them under its id, and names the features that have none', async () => {
    const importances = given({ age: 0.7, hours: 0 });
    const { profile, notices } = await buildProfile({ path, model, outputs: ['score'], importances });
    expect(profile.importances).toEqual({ age: 0.7, hours: 0 });
    expect(notices).toContain('i.json has no importance of pay: they count for nothing in the ranking.');
    expect(parseReferenceProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    const plain = await buildProfile({ path, model, outputs: ['score'] });
    expect(plain.profile.id).not.toBe(profile.id);
    expect(mergeProfiles([plain.profile, profile]).importances).toEqual(profile.importances);
  });

  it('ranks what drifted by them, where settings say nothing else', async () => {
    const { profile } = await buildProfile({ path, model, importances: given({ age: 0.1, hours: 0.9 }) });
    const moved = await rowsOf('moved.csv', 0.3, 0.15);
    const { ranking } = await compareFile({ profile, path: moved });
    expect(ranking.byDrift[0]).toBe('hours');
    expect(ranking.weightedDrift).toBeGreaterThan(1);
    const { ranking: bySettings } = await compareFile({ profile, path: moved, declared: { age: { importance: 5 } } });
    expect(bySettings.byDrift[0]).toBe('age');
  });

  it.each([
    ['aeg', /^i\.json: feature "aeg" is unknown; known: age, hours, pay\. Did you mean age\?$/],
    ['score', /^i\.json: feature "score" is unknown; known: age, hours, pay$/],
  ])('is refused for %s, which is none of its features', async (name, message) => {
    const importances = given({ [name]: 1 });
    await expect(buildProfile({ path, model, outputs: ['score'], importances })).rejects.toThrow(message);
  });
});

function readOrRefused(text: string): boolean {
  try {
    return Object.values(parseImportances(text, 'i.json').byFeature).some((value) => value > 0);
  } catch (error) {
    return error instanceof DataFileError && error.message.startsWith('i.json');
  }
}
