import { z } from 'zod';
import { complaint } from '../../settings/section.ts';
import { webhook } from './webhook.ts';

/** Every kind of channel. */
export const channels = [webhook] as const;

export const channelSettings = z.discriminatedUnion('type', channelSchemas(), {
  error: ({ input }) => {
    const type = typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;
    if (typeof type !== 'string') return `needs a type; known: ${channelTypes.join(', ')}`;
    return complaint(type, channelTypes, later);
  },
});

export type ChannelSettings = z.output<typeof channelSettings>;

/** The kind of channel that reads these settings. */
export function channelOf({ type }: ChannelSettings): Channel {
  const channel = channels.find((one) => one.type === type);
  if (channel === undefined) throw new Error(`channel type ${type} is not in the registry`);
  return channel;
}

type Channel = (typeof channels)[number];

const channelTypes: readonly string[] = channels.map(({ type }) => type);

const later = Object.fromEntries(
  ['pagerduty', 'opsgenie', 'jira-service-management', 'slack', 'email', 'sms', 'alertmanager'].map((type) => [
    type,
    'send to a webhook, which most of these services take',
  ]),
);

function channelSchemas() {
  const [first, ...others] = channels.map(({ settings }) => settings);
  if (first === undefined) throw new Error('there is no kind of channel');
  return [first, ...others] as const;
}
