import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, isLoopback, parseAddress } from './address.ts';
import { suggestion } from './suggestion.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from './units.ts';

describe('durations', () => {
  it.each([
    ['0', 0],
    ['250ms', 250],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['0.5ms', 0.5],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', '5 m', '-5m', '5w', 'm', '5mm', '.5s', '1e3s', '5m later'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('print as something that reads back as the same', () => {
    assert(property(integer({ min: 0, max: 1e12 }), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});

describe('sizes', () => {
  it.each([
    ['64MiB', 67_108_864],
    ['500KiB', 512_000],
    ['500kB', 500_000],
    ['1.5 GiB', 1_610_612_736],
    ['4096', 4_096],
    ['12B', 12],
  ])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', '64 megabytes', '-1KiB', '64mib', '1TiB'])('%j is none', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });

  it('print as something that reads back as the same', () => {
    assert(property(integer({ min: 0, max: 1e12 }), (bytes) => parseSize(formatSize(bytes)) === bytes));
  });
});

describe('addresses', () => {
  it.each(['127.0.0.1:3743', '[::1]:3743', 'localhost:0', 'drift.example.com:80'])('%s reads and prints', (text) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(text);
  });

  it.each(['3743', ':3743', '127.0.0.1', '127.0.0.1:65536', '::1:3743', '[::1]', '[localhost]:1', 'a b:1'])(
    '%j is none',
    (text) => expect(parseAddress(text)).toBeUndefined(),
  );

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.0.1', false],
    ['127.0.0.1.example.com', false],
  ])('%s is loopback: %s', (host, expected) => expect(isLoopback({ host, port: 1 })).toBe(expected));
});

describe('suggestions', () => {
  it.each([
    ['psy', ['psi', 'jensen-shannon'], 'psi'],
    ['intervall', ['endpoint', 'interval'], 'interval'],
    ['lsiten', ['listen', 'store'], 'listen'],
    ['Webhook', ['webhook'], 'webhook'],
    ['modls', ['models', 'rules'], 'models'],
    ['grafana', ['webhook'], undefined],
    ['x', [], undefined],
  ])('%s among %j means %s', (typed, known, meant) => expect(suggestion(typed, known)).toBe(meant));
});
