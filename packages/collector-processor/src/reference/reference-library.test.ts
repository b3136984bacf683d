import { expect, it } from 'vitest';
import { seededProfile } from '../../../../test/support/seeded-profile.ts';
import { parseSettings } from '../settings.ts';
import { ReferenceLibrary } from './reference-library.ts';

it('captures for models that the profile under defaults is not for, unless they have another reference first', () => {
  const sources = (reference: string, model: string) => {
    const settings = parseSettings({
      text: `defaults: { reference: ${reference} }`,
      file: 'driftline.yaml',
      directory: '/etc/driftline',
      environment: {},
      readSecretFile: () => '',
    });
    const profiles = new Map([['seeded', [seededProfile({ numericFeatures: 1 })]]]);
    return new ReferenceLibrary(profiles, settings).configured(model).sources.map(({ kind }) => kind);
  };
  expect(sources('./seeded.json', 'seeded')).toEqual(['profile']);
  expect(sources('./seeded.json', 'another')).toEqual(['capture']);
  expect(sources('[./seeded.json, { previous: 1d }]', 'another')).toEqual(['capture', 'previous']);
  expect(sources('[{ previous: 1d }, ./seeded.json]', 'seeded')).toEqual(['previous', 'profile']);
  expect(sources('[{ previous: 1d }, ./seeded.json]', 'another')).toEqual(['previous']);
});
