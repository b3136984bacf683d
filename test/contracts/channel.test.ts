import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { channelOf, channelSettings, channels } from '../../packages/collector-processor/src/alert/channels/index.ts';
import { notificationOf } from '../../packages/collector-processor/src/alert/notification.ts';
import { alertOf } from '../support/measurements.ts';

describe.each(channels)('channel $type', (channel) => {
  const secret = 'kept-4711';
  const settings = channelSettings.parse({ type: channel.type, ...channel.example(secret) });
  const message = (state: 'firing' | 'resolved', transition = 1) =>
    channelOf(settings).message(notificationOf(alertOf(state, { transition }), state), settings);

  it('says what it is for', () => expect(channel.answers).toMatch(/^[A-Z].*\.$/));

  it('is on with its example settings', () => expect(channelOf(settings).isOff(settings)).toBe(false));

  it('never shows a secret of its settings', () => {
    expect(`${JSON.stringify(settings)} ${inspect(settings, { depth: 5 })}`).not.toContain(secret);
    expect(message('firing').body).not.toContain(secret);
  });

  it('tells the rule, the model and the worst feature', () => {
    for (const word of ['drift', 'employment', 'age']) expect(String(message('firing').body)).toContain(word);
  });

  it('tells firing from resolved', () => expect(message('firing').body).not.toEqual(message('resolved').body));

  it('gives a repeat the same message, and another change another one', () => {
    expect(message('firing')).toEqual(message('firing'));
    expect(message('firing', 3)).not.toEqual(message('firing', 1));
  });
});
