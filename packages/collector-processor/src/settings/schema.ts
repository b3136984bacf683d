import { z } from 'zod';
import { channelSettings } from '../alert/channels/index.ts';
import { rules, silences } from './alerting-schema.ts';
import { defaults, model } from './model-schema.ts';
import { address, choice, count, duration, flag, secret, size, text, url } from './scalars.ts';
import { byName, list, section } from './section.ts';

const second = 1_000;

const listen = section(
  {
    page: address('Query API, page and health.').prefault('127.0.0.1:3743'),
    otlp: address('OTLP over HTTP; the same address as `page` shares its port.').prefault('127.0.0.1:3743'),
    grpc: z.literal(false, { error: 'is not built yet; send OTLP over HTTP to listen.otlp' }).prefault(false),
    health: z.literal('same', { error: 'is not built yet; health is on the address of listen.page' }).prefault('same'),
  },
  { tls: 'terminate TLS in a proxy in front, and listen on loopback' },
);

const bearer = secret('The token a client sends as `Authorization: Bearer ...`.');

const auth = z.union(
  [
    z.literal('none'),
    section({
      otlp: list(section({ bearer }), 'mappings with bearer').prefault([]),
      page: list(
        section({
          bearer,
          access: choice(
            ['read', 'write'],
            'What the token allows; `write` reads too, and changes references.',
          ).prefault('read'),
        }),
        'mappings with bearer, access',
      ).prefault([]),
    }),
  ],
  { error: 'must be none, or a mapping with otlp, page' },
);

const store = section(
  {
    type: choice(['sqlite'], 'Where state is kept.', { redis: 'use sqlite, one process' }).prefault('sqlite'),
    path: text('The database file; relative to this file.').prefault('./.driftline/state.db'),
    retention: duration('How long judged windows are kept.', { least: 3_600 * second }).prefault('90d'),
  },
  { url: 'only Redis has one; use sqlite, one process' },
);

const limits = section(
  {
    request: size('The largest request, also after decompression.').prefault('64MiB'),
    models: count('Models at once.').prefault(200),
    features: count('Features of one model.').prefault(1_000),
    categories: count('Categories of one feature; more are counted as `_other`.').prefault(100),
    segments: count('Values of one attribute that are judged apart; more are counted as `_other`.').prefault(20),
  },
  {
    pending_outcomes: 'send outcomes with their prediction, which needs no join',
  },
);

const publish = section({
  endpoint: url('OTLP over HTTP; `/v1/metrics` and `/v1/logs` are appended.').prefault(''),
  headers: byName(secret('Sent with every request; a secret.'), 'texts').prefault({}),
  interval: duration('How often the last results are sent again, stamped now.', { least: second }).prefault('60s'),
  p_value: flag('Publish `ml.drift.p_value` too.').prefault(false),
  methods: choice(['deciding', 'all'], 'Scores to publish: the deciding size, or every method.').prefault('deciding'),
  max_series: count('Over it, per-feature gauges of features that are ok go first.').prefault(5_000),
});

/** driftline.yaml: every key is optional, and a key that is not here is refused. */
export const settingsSchema = section({
  version: z.literal(1, { error: 'must be 1, the only version so far' }).prefault(1),
  listen: listen.prefault({}),
  auth: auth.prefault({}),
  cors: section({ origins: list(text('Such as https://shop.example.com.'), 'origins').prefault([]) }).prefault({}),
  identity: list(text('A resource attribute.'), 'resource attributes')
    .prefault(['service.namespace', 'service.name', 'deployment.environment.name'])
    .meta({ description: 'Resource attributes that, with the model name and version, say what one model is.' }),
  store: store.prefault({}),
  limits: limits.prefault({}),
  publish: publish.prefault({}),
  defaults: defaults.prefault({}),
  models: byName(model, 'settings of models').prefault({}),
  channels: byName(channelSettings, 'channels').prefault({}),
  rules: rules.prefault([]),
  silences: silences.prefault([]),
});
