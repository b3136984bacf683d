import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { createHealth, dependencyCheck, type HealthOptions } from './index.ts';

/** A check that passes once it is told to. */
function gate(affects: 'startup' | 'liveness' | 'readiness') {
  const state = { isOpen: false, reads: 0 };
  const reach = () => {
    state.reads += 1;
    if (!state.isOpen) throw new Error('still loading');
  };
  return {
    state,
    check: dependencyCheck({ reach, affects, everyMs: 1_000, timeoutMs: 500, failAfter: 1, recoverAfter: 1 }),
  };
}

function started(options: HealthOptions) {
  const clock = new ManualClock();
  const health = createHealth({ clock, details: 'everybody', ...options });
  onTestFinished(() => health.close());
  health.start();
  const status = async (path: string) => (await health.routes.request(path)).status;
  const text = async (path: string) => (await health.routes.request(path)).text();
  return { clock, health, status, text };
}

describe('startup', () => {
  it('is over at once where nothing affects it', async () => {
    const { status } = started({});
    expect(await status('/startupz')).toBe(200);
  });

  it('waits for what must have happened once, and readiness waits with it', async () => {
    const { state, check } = gate('startup');
    const { clock, status, text } = started({ checks: { migrations: check } });
    await clock.advance(3_000);
    expect(await text('/startupz')).toBe('[-]migrations failed: still loading\nstartupz check failed\n');
    expect(await status('/readyz')).toBe(503);
    expect(await status('/livez')).toBe(200);

    state.isOpen = true;
    await clock.advance(1_000);
    expect([await status('/startupz'), await status('/readyz')]).toEqual([200, 200]);
  });

  it('is not asked about again once it is over', async () => {
    const { state, check } = gate('startup');
    state.isOpen = true;
    const { clock, status } = started({ checks: { migrations: check } });
    await clock.advance(0);
    state.isOpen = false;
    await clock.advance(3_600_000);
    expect(state.reads).toBe(1);
    expect([await status('/startupz'), await status('/readyz')]).toEqual([200, 200]);
  });

  it('keeps liveness from failing before it is over', async () => {
    const { state, check } = gate('liveness');
    const { clock, status, text } = started({ checks: { worker: check } });
    await clock.advance(10_000);
    expect(await text('/livez?verbose')).toBe('[+]worker failed: still loading\nlivez check passed\n');
    expect([await status('/startupz'), await status('/readyz')]).toEqual([503, 503]);

    state.isOpen = true;
    await clock.advance(1_000);
    state.isOpen = false;
    await clock.advance(1_000);
    expect([await status('/livez'), await status('/startupz')]).toEqual([503, 200]);
  });

  it('does not protect for ever what never comes up', async () => {
    const { check } = gate('liveness');
    const { clock, status } = started({ checks: { worker: check }, startupGraceMs: 60_000 });
    await clock.advance(59_999);
    expect(await status('/livez')).toBe(200);
    await clock.advance(1);
    expect(await status('/livez')).toBe(503);
  });
});

describe('onChange', () => {
  it('tells each turn with its reasons, and survives a listener that throws', async () => {
    const { state, check } = gate('readiness');
    const changes: unknown[] = [];
    const { clock, status } = started({
      checks: { model: check },
      onChange: (change) => {
        changes.push(change);
        throw new Error('the log is full');
      },
    });
    await clock.advance(2_000);
    state.isOpen = true;
    await clock.advance(2_000);
    expect(changes).toEqual([
      { check: 'model', to: 'fail', reasons: ['still loading'] },
      { check: 'model', from: 'fail', to: 'pass', reasons: [] },
    ]);
    expect(await status('/readyz')).toBe(200);
  });
});
