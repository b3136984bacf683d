import { describe, expect, it } from 'vitest';
import { Secret } from '../settings.ts';
import { writeAccess } from './write-access.ts';

const here = { host: '127.0.0.1', port: 3743 };
const asked = (host: string, authorization?: string) => ({ host, authorization });

describe('who may change something', () => {
  it('is whoever is on this machine, as long as there are no tokens', () => {
    const refusal = writeAccess({ otlp: [], page: [] }, here);
    for (const host of ['127.0.0.1:3743', 'localhost:3743', 'localhost', '[::1]:3743', '[::1]']) {
      expect([host, refusal(asked(host))]).toEqual([host, undefined]);
    }
    for (const host of ['evil.example:3743', '127.0.0.1.evil.example', '', '[::1', 'localhost:x']) {
      expect(refusal(asked(host)), host).toMatch(/ask for 127\.0\.0\.1 or localhost/);
    }
  });

  it('is nobody without a token on an address that others reach', () => {
    for (const auth of ['none' as const, { otlp: [], page: [] }]) {
      expect(writeAccess(auth, { host: '0.0.0.0', port: 3743 })(asked('localhost'))).toMatch(/only loopback may write/);
    }
  });

  it('is the holder of a token that says so', () => {
    const page = [
      { bearer: new Secret('reader'), access: 'read' as const },
      { bearer: new Secret('writer'), access: 'write' as const },
    ];
    const refusal = writeAccess({ otlp: [], page }, { host: '0.0.0.0', port: 3743 });
    expect(refusal(asked('drift.example', 'Bearer writer'))).toBeUndefined();
    expect(refusal(asked('localhost', 'Bearer reader'))).toMatch(/may read only/);
    expect(refusal(asked('localhost'))).toMatch(/may read only/);
  });
});
