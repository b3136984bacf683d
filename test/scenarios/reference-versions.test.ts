import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 1 });
const captureFirst = 'defaults: { reference: { capture: { rows: 2000 } } }';
const withProfile = 'models: { seeded: { reference: ./profile.json } }';
const files = { 'profile.json': profile };

describe('references of a running service', { timeout: 180_000 }, () => {
  it('are captured on request, judged against from the next window on, and pinned, rolled back and kept by a restart', async () => {
    await using service = await SimulatedService.start({ settings: captureFirst });
    const live = sendingTo(service, { hasProfile: false });
    await live(4, 0);
    const first = await service.references();
    expect(first.body.references).toMatchObject([
      { kind: 'captured', origin: 'first_rows', rows: 2000, isInUse: true },
    ]);
    const [before] = first.body.references.map(({ id }) => id);

    // It moved for good, and that is right so.
    await live(3, 0.5);
    expect(service.states('x0').at(-1)).toBe('drift');
    expect(await service.references('POST', '', { rows: 3000 })).toMatchObject({
      status: 202,
      body: { capture: { origin: 'request', rows: 0, wanted: { rows: 3000 } } },
    });
    expect((await service.references('POST', '', { rows: 3000 })).status).toBe(409);
    await live(2, 0.5);
    await service.restart();
    await live(4, 0.5);
    expect(service.states('x0').slice(-2)).toEqual(['ok', 'ok']);
    const second = await service.references();
    expect(second.body).not.toHaveProperty('capture');
    expect(second.body.references).toMatchObject([
      { id: before, isInUse: false },
      { origin: 'request', rows: 3000, driftedWindows: 3, isInUse: true, isPinned: false },
    ]);
    const after = second.body.references[1]?.id ?? '';
    expect(service.judged('x0').at(-1)?.referenceId).toBe(after);

    const pinned = await service.references('POST', `/${before}/pin`, {});
    expect(pinned.body.references.map(({ isInUse, isPinned }) => [isInUse, isPinned])).toEqual([
      [true, true],
      [false, false],
    ]);
    await live(2, 0.5);
    expect(service.judged('x0').at(-1)).toMatchObject({ state: 'drift', referenceId: before });
    expect((await service.references('DELETE', `/${before}`)).body.error).toMatch(/is in use; pin another one first/);

    expect((await service.references('POST', '/rollback', {})).status).toBe(200);
    await service.restart();
    await live(2, 0.5);
    expect(service.judged('x0').at(-1)).toMatchObject({ state: 'ok', referenceId: after });
    expect((await service.references('DELETE', `/${before}`)).body.references.map(({ id }) => id)).toEqual([after]);
    await live(1, 0.5);
    expect(service.judged('x0').at(-1)).toMatchObject({ state: 'ok', referenceId: after });
    expect((await service.references('POST', '/rollback', {})).body.error).toMatch(/no other reference was in use/);
  });

  it('stand in for a profile until somebody goes back to it', async () => {
    await using service = await SimulatedService.start({ settings: withProfile, files });
    const live = sendingTo(service);
    await live(2, 0.4);
    expect(service.states('x0')).toEqual(['drift']);
    const from = service.now;
    expect((await service.references('POST', '', { from, until: from + 15 * 60_000 })).status).toBe(202);
    await live(6, 0.4);
    expect(service.states('x0').slice(1)).toEqual([...inARow(4, 'drift'), 'ok', 'ok']);
    expect((await service.references()).body.references).toMatchObject([
      { id: profile.id, kind: 'profile', isInUse: false },
      { kind: 'captured', rows: 3000, from, until: from + 15 * 60_000, isInUse: true },
    ]);
    await service.references('POST', '/rollback', {});
    await live(2, 0.4);
    expect(service.judged('x0').at(-1)).toMatchObject({ state: 'drift', referenceId: profile.id });
    await service.references('DELETE', `/${profile.id}/pin`);
    await live(1, 0.4);
    expect(service.judged('x0').at(-1)?.referenceId).toMatch(/^captured:/);
  });

  it('are captured anew by a schedule, from windows without drift', async () => {
    const settings = 'defaults: { reference: { capture: { rows: 2000, every: 1h } } }';
    await using service = await SimulatedService.start({ settings });
    const live = sendingTo(service, { hasProfile: false });
    await live(15, 0);
    await live(5, 0.5);
    const { body } = await service.references();
    expect(body.references).toHaveLength(1);
    expect(body.capture).toMatchObject({ origin: 'schedule', rows: 1000, leftOutWindows: 4 });
    await live(8, 0);
    expect((await service.references()).body.references).toMatchObject([
      { origin: 'first_rows', isInUse: false },
      { origin: 'schedule', rows: 2000, driftedWindows: 0, isInUse: true },
    ]);
  });

  it('are changed by those who may write only, and by no page of another site', async () => {
    const settings = `auth: { page: [{ bearer: reading }, { bearer: writing, access: write }] }\n${withProfile}`;
    await using service = await SimulatedService.start({ settings, files });
    const live = sendingTo(service);
    await live(2, 0);
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    const statusOf = async (...request: Parameters<SimulatedService['references']>) =>
      (await service.references(...request)).status;
    expect(await statusOf('GET', '', undefined, as('reading'))).toBe(200);
    expect(await statusOf('POST', '', { rows: 1000 }, as('reading'))).toBe(403);
    expect(await statusOf('POST', '/rollback', {}, as('reading'))).toBe(403);
    expect(await statusOf('DELETE', '/ongoing', undefined, as('reading'))).toBe(403);
    expect(await statusOf('POST', '', undefined, as('writing'))).toBe(415);
    expect(await statusOf('POST', '', { rows: 10 }, as('writing'))).toBe(400);
    expect(await statusOf('POST', '', { rows: 'many' }, as('writing'))).toBe(400);
    expect(await statusOf('POST', '', { from: 1, until: 2 }, as('writing'))).toBe(400);
    expect(await statusOf('POST', '/unheard-of/pin', {}, as('writing'))).toBe(404);
    expect(await statusOf('DELETE', `/${profile.id}`, undefined, as('writing'))).toBe(409);
    expect(await statusOf('POST', '', { rows: 1000 }, as('writing'))).toBe(202);
    expect(await statusOf('DELETE', '/ongoing', undefined, as('writing'))).toBe(200);
  });

  it('are listed, captured and pinned from the command line', async () => {
    await using service = await SimulatedService.start({ settings: withProfile, files });
    const { url } = service.service;
    expect(await driftline('list', '--url', url)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no model yet/),
    });
    await sendingTo(service)(2, 0);
    const listed = await driftline('list', '--url', url);
    expect(listed.stdout).toMatch(/in use +sha256:\w{16} +profile +2,000/);
    expect((await driftline('capture', '--rows', '1000', '--url', url)).stdout).toMatch(
      /under way: 0 rows, of 1,000 rows/,
    );
    const json = await driftline('pin', profile.id, '--url', url, '--model', 'seeded', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ references: [{ id: profile.id, isPinned: true }] });
    expect(await driftline('rollback', '--url', url)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/answers 409: no other reference was in use/),
    });
    expect((await driftline('pin', 'nonsense', '--url', url)).stderr).toContain(
      'no reference nonsense; there are sha256:',
    );
  });
});

function sendingTo(service: SimulatedService, more: { readonly hasProfile?: boolean } = {}) {
  const sender = new SimulatedSender({ profile, ...more });
  return (windows: number, shift: number) =>
    service.live(windows, (period) => [sender.collect(period, { rows: 1000, shift })]);
}

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

function driftline(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, DRIFTLINE_TOKEN: undefined };
    const command = ['--conditions=@driftline/source', main, 'reference', ...args];
    execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}
