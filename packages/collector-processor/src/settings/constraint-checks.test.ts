import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '../settings.ts';

/** The profile of a model with an age, a state and a score. */
const profileColumns = (path: string) =>
  path === '/etc/m.json'
    ? { features: { age: 'numeric', state: 'categorical', text: 'embedding' }, outputs: { score: 'numeric' } }
    : undefined;

function problems(text: string): readonly string[] {
  try {
    parseSettings({
      text,
      file: 'driftline.yaml',
      directory: '/etc',
      environment: {},
      readSecretFile: () => '',
      profileColumns,
    });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split('\n').map((line) => line.trim());
  }
}

const ofModel = (constraint: string, reference = 'm.json') =>
  `models:\n  m:\n    reference: ${reference}\n    constraints:\n      - ${constraint}\n`;

describe('constraints and the profile of their model', () => {
  it.each([
    [
      '{ feature: aeg, min: 0 }',
      'driftline.yaml:5:20  models.m.constraints[0].feature "aeg": feature aeg of the profile is unknown; known: age, state, text. Did you mean age?',
    ],
    ['{ output: price, max: 1 }', 'output price of the profile is unknown; known: score'],
    [
      '{ feature: state, min: 0 }',
      'driftline.yaml:5:32  models.m.constraints[0].min 0 is asked of state, which is categorical in the profile; leave it out, or list categories with in',
    ],
    ['{ feature: age, in: ["1"] }', 'is asked of age, which is numeric in the profile; numbers have min and max'],
    ['{ feature: text, distinct_at_most: 3 }', 'which is embedding'],
  ])('%s does not fit', (constraint, expected) => {
    expect(problems(ofModel(constraint)).join('\n')).toContain(expected);
  });

  it('fit, or cannot be compared', () => {
    expect(problems(ofModel('{ feature: age, min: 0, max: 120, missing_at_most: 5% }'))).toEqual([]);
    expect(problems(ofModel('{ feature: text, missing_at_most: 5% }'))).toEqual([]);
    expect(problems(ofModel('{ feature: aeg, min: 0 }', 'other.json'))).toEqual([]);
    expect(problems(ofModel('{ feature: aeg, min: 0 }', '{ capture: { rows: 1000 } }'))).toEqual([]);
  });

  it('are compared with the default profile where the model names none', () => {
    const text = 'defaults: { reference: m.json }\nmodels: { m: { constraints: [{ feature: aeg, min: 0 }] } }';
    expect(problems(text)).toHaveLength(1);
  });
});
