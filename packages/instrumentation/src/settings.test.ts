import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DriftlineOptions, settingsOf } from './settings.ts';

describe('the settings', () => {
  afterEach(() => vi.unstubAllEnvs());

  const complaints: string[] = [];
  const settings = (options: DriftlineOptions = {}) => {
    complaints.length = 0;
    return settingsOf(options, (message) => complaints.push(message));
  };

  it('send to this machine by default, and never where OTEL_EXPORTER_OTLP_* points', () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'https://vendor.example.com');
    vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'https://vendor.example.com/v1/metrics');
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'api-key=secret');
    expect(settings()).toMatchObject({ endpoint: 'http://127.0.0.1:3743', headers: {}, isDisabled: false });
  });

  it('take endpoint and headers from the environment, and options over it', () => {
    vi.stubEnv('DRIFTLINE_ENDPOINT', 'http://collector:4318');
    vi.stubEnv('DRIFTLINE_HEADERS', 'authorization=Bearer%20a%3Db, x-tenant = blue ,broken');
    expect(settings()).toMatchObject({
      endpoint: 'http://collector:4318',
      headers: { authorization: 'Bearer a=b', 'x-tenant': 'blue' },
    });
    expect(settings({ endpoint: 'https://d', headers: {} })).toMatchObject({ endpoint: 'https://d', headers: {} });
  });

  it.each(['DRIFTLINE_DISABLED', 'OTEL_SDK_DISABLED'])('switch off with %s=TRUE', (variable) => {
    vi.stubEnv(variable, 'TRUE');
    expect(settings().isDisabled).toBe(true);
  });

  it.each(['127.0.0.1:3743', 'localhost:3743', 'ftp://x', 'nonsense'])(
    'say what is wrong with the endpoint %s, and send nothing',
    (endpoint) => {
      expect(settings({ endpoint }).isDisabled).toBe(true);
      expect(complaints).toEqual([expect.stringContaining(`endpoint "${endpoint}" is no http or https URL`)]);
    },
  );

  it('replace numbers that make no sense, and say so', () => {
    expect(settings({ intervalMs: 0, privacy: { minimumRows: 2.5 } })).toMatchObject({
      periodMs: 60_000,
      minimumRows: 1,
    });
    expect(complaints).toEqual([
      'intervalMs 0 is no positive whole number; using 60000.',
      'privacy.minimumRows 2.5 is no positive whole number; using 1.',
    ]);
  });
});
