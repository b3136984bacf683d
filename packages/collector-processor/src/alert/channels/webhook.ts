import { EVENT_DRIFTLINE_ALERT_CHANGE } from '@driftline/semantic-conventions';
import { secret, secretUrl } from '../../settings/scalars.ts';
import { byName } from '../../settings/section.ts';
import { defineChannel } from './channel.ts';

export const webhook = defineChannel({
  type: 'webhook',
  answers: 'POSTs the alert as JSON, with the headers of a CloudEvent, to any address.',
  shape: {
    url: secretUrl('Where to POST. The address itself is treated as a secret.'),
    headers: byName(secret('Sent with every request; a secret.'), 'texts').prefault({}),
  },
  example: (secret) => ({ url: `https://hooks.example.com/${secret}`, headers: { Authorization: `Bearer ${secret}` } }),
  isOff: ({ url }) => url.isEmpty,
  message: ({ alert, state, text, key }, { url, headers }) => ({
    url: url.reveal(),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      'ce-specversion': '1.0',
      'ce-type': EVENT_DRIFTLINE_ALERT_CHANGE,
      'ce-source': 'driftline',
      'ce-id': key,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()])),
    },
    body: JSON.stringify({
      id: alert.id,
      seq: alert.transition,
      state,
      severity: alert.severity,
      rule: alert.rule,
      text,
      model: { name: alert.model.name, version: alert.model.version },
      resource: alert.model.resource,
      value: alert.value,
      threshold: alert.threshold,
      feature: alert.feature,
      features: alert.features,
      segment: alert.segment,
      segments: alert.segments,
      since: new Date(alert.since).toISOString(),
      activeSince: new Date(alert.activeSince).toISOString(),
    }),
  }),
});
