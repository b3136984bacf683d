import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseSettings, startDriftService } from '@driftline/collector-processor';
import { withProfileId } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../packages/collector-processor/src/store/sqlite.ts';
import { DriftlineProcess } from '../support/driftline-process.ts';
import { portOf } from '../support/port-of.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 1 });
const twoFeatures = seededProfile({ numericFeatures: 2 });

describe('a profile in the settings', () => {
  it('that cannot be used stops the start, all of them at once, each with the way out', async () => {
    const settings = `
models:
  gone: { reference: ./gone.json }
  text: { reference: ./text.json }
  other: { reference: ./seeded.json }
  newer: { references: [./newer.json] }
  broken: { reference: ./broken.json }
`;
    const files = {
      'seeded.json': profile,
      'text.json': 'no profile',
      'newer.json': { ...profile, format: 'driftline.profile/2' },
      'broken.json': { ...profile, rows: 'many' },
    };
    const problems = await SimulatedService.start({ settings, files }).then(
      () => [],
      (error: Error) => error.message.split('\n'),
    );
    expect(problems.map((line) => line.replaceAll(/\S*driftline-scenario-\w+/g, '.'))).toEqual([
      'models.gone.reference: profile ./gone.json does not exist; name the right file, or make it by "driftline profile build".',
      expect.stringMatching(/^models\.text\.reference: profile .\/text\.json is no JSON: .*profile build"\.$/),
      'models.other.reference: ./seeded.json is a profile of "seeded", not of "other"; name the right file',
      expect.stringMatching(/^models\.newer\.references: .\/newer\.json: .*"driftline\.profile\/2".*Update Driftline/),
      expect.stringMatching(/^models\.broken\.reference: .\/broken\.json: profile: rows is "many": .*Build it again/),
    ]);
  });

  it('under defaults serves the model it is for, and older ones of that model beside it', async () => {
    const { id: _id, ...content } = profile;
    const older = withProfileId({ ...content, features: { x0: twoFeatures.features['x1']! } });
    await using service = await SimulatedService.start({
      settings: 'defaults: { reference: ./seeded.json }\nmodels: { seeded: { references: [./older.json] }, other: {} }',
      files: { 'seeded.json': profile, 'older.json': older },
    });
    const senders = [profile, older].map((known, i) => new SimulatedSender({ profile: known, instance: `i-${i}` }));
    await service.live(1, (period) => [senders[0]!.collect(period, { rows: 1000 })]);
    await service.live(2, (period) => senders.map((sender, i) => sender.collect(period, { rows: 1000 + i })));
    expect(service.judged('x0')).toMatchObject([
      { state: 'ok', referenceId: profile.id },
      { state: 'ok', referenceId: older.id },
    ]);
    expect(service.log).toEqual([]);
  });
});

describe('an address', () => {
  it('that is taken is named, with one that may be free; the state is free for the next try', async () => {
    await using service = await SimulatedService.start();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = portOf(taken);
    const settings = (otlp: number) =>
      parseSettings({
        text: `listen: { page: "127.0.0.1:0", otlp: "127.0.0.1:${otlp}" }\nstore: { path: ./other.db }`,
        file: 'driftline.yaml',
        directory: service.folder,
        environment: {},
        readSecretFile: () => '',
      });
    await expect(startDriftService({ settings: settings(port) })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: already in use. Is another \`driftline serve\` running? Choose one: --listen 127.0.0.1:${port + 7}`,
    );
    taken.close();
    await once(taken, 'close');
    await using second = await startDriftService({ settings: settings(port) });
    expect((await fetch(`${second.url}/livez`)).status).toBe(200);
  });
});

/** Side by side: most of it is waiting. */
describe.concurrent('the state', () => {
  it('that another process has is left alone, and both are told apart', async () => {
    await using service = await SimulatedService.start();
    const settings = 'listen: { page: "127.0.0.1:0", otlp: "127.0.0.1:0" }\nstore: { path: ./state.db }';
    await writeFile(join(service.folder, 'driftline.yaml'), settings);
    await using second = new DriftlineProcess(['serve', '--config', 'driftline.yaml'], { cwd: service.folder });
    expect(await second.exited).toBe(2);
    expect(second.output).toBe(
      `driftline: store: ${service.path} is in use by another process (waited 5 s); stop that driftline serve, or set another store.path\n`,
    );
    expect((await fetch(`${service.service.url}/livez`)).status).toBe(200);
  });

  it('that is no database is left alone', async () => {
    const files = { 'state.db': 'a letter to my grandmother, '.repeat(200) };
    await expect(SimulatedService.start({ files })).rejects.toThrow(
      /state\.db is not a database.*set another store\.path/,
    );
  });

  it('that a newer version wrote is left alone', async () => {
    await using service = await SimulatedService.start();
    const sender = new SimulatedSender({ profile });
    await service.live(2, (period) => [sender.collect(period, { rows: 100 })]);
    await service.stop();
    const store = await openSqlite({ path: service.path });
    const [progress] = await store.progress();
    const key = progress?.model.key ?? '';
    const { version } = await store.readEval(key);
    const state = Uint8Array.of(2, 123);
    await store.commitEval({
      model: key,
      expectedVersion: version,
      state,
      results: [],
      events: [],
      deliveries: [],
      dropPanes: [],
    });
    await store.close();
    await expect(service.restart()).rejects.toThrow('format 2 is not 1; run the version of driftline that wrote it');
    // The failed start left nothing open.
    const again = await openSqlite({ path: service.path, waitMs: 0 });
    expect((await again.readEval(key)).state).toEqual(state);
    await again.close();
  });
});
