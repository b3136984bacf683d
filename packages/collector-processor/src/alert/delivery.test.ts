import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertOf } from '../../../../test/support/measurements.ts';
import { RecordingServer } from '../../../../test/support/recording-server.ts';
import { parseSettings } from '../settings.ts';
import type { Alert } from './alert.ts';
import type { AlertRule } from './alert-rule.ts';
import { AlertDelivery, type DeliveryLog, type DeliveryOptions, type DeliveryResult } from './delivery.ts';
import { httpPost } from '../publish/http-post.ts';
import { desiredDeliveries } from './notification.ts';

describe('delivery to a webhook', () => {
  it('posts the alert once, with a key that tells repeats', async () => {
    const { log, delivery } = await set();
    log.want(firing(3));
    await delivery.deliver();
    await delivery.deliver();
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': `${id}-3`,
      'ce-id': `${id}-3`,
      'x-token': 'open sesame',
    });
    expect(received()[0]).toMatchObject({
      id,
      seq: 3,
      state: 'firing',
      rule: 'drift',
      text: 'drift is firing on employment 7 (hiring-api): age at 0.312 (limit 0.2), higher. Also: pay.',
      model: { name: 'employment', version: '7' },
      feature: 'age',
      features: ['age', 'pay'],
    });
  });

  it('tries again after a failure, later each time, until it succeeds', async () => {
    const { log, delivery, clock, results } = await set();
    receiver.answers.push({ status: 500 }, { status: 503 });
    log.want(firing(1));
    for (const at of [0, 500, 1_000, 2_000, 2_500, 3_000]) {
      clock.now = at;
      await delivery.deliver();
    }
    expect(receiver.requests).toHaveLength(3);
    expect(results).toEqual([
      { channel: 'hook', error: '500', failures: 1 },
      { channel: 'hook', error: '503', failures: 2 },
      { channel: 'hook', failures: 0 },
    ]);
    expect(await log.pending()).toEqual([]);
  });

  it('waits as long as the receiver asks', async () => {
    const { log, delivery, clock } = await set();
    receiver.answers.push({ status: 429, headers: { 'retry-after': '120' } });
    log.want(firing(1));
    await delivery.deliver();
    clock.now = 119_000;
    await delivery.deliver();
    expect(receiver.requests).toHaveLength(1);
    clock.now = 120_000;
    await delivery.deliver();
    expect(receiver.requests).toHaveLength(2);
  });

  it('sends only the final state after an outage, and nothing of an alert that came and went unheard', async () => {
    const { log, delivery, clock } = await set();
    receiver.answers.push({ status: 500 });
    log.want(firing(1));
    await delivery.deliver();
    log.want(resolved(2));
    clock.now = 60_000;
    await delivery.deliver();
    expect(received().map(({ state }) => state)).toEqual(['firing']);

    log.want(firing(3));
    await delivery.deliver();
    log.want(resolved(4));
    log.want(firing(5));
    log.want(resolved(6));
    await delivery.deliver();
    expect(received().map(({ state, seq }) => [state, seq])).toEqual([
      ['firing', 1],
      ['firing', 3],
      ['resolved', 6],
    ]);
  });

  it('sends again after a crash between sending and recording, with the same key', async () => {
    const { log, delivery } = await set();
    log.want(firing(1));
    await delivery.deliver();
    log.forget();
    const restarted = (await set({ log })).delivery;
    await restarted.deliver();
    expect(receiver.requests.map(({ headers }) => headers['idempotency-key'])).toEqual([`${id}-1`, `${id}-1`]);
  });

  it('waits while the model catches up, and while the alert is silenced', async () => {
    let isCatchingUp = true;
    const { log, delivery, clock } = await set({
      isCatchingUp: () => isCatchingUp,
      silences: [{ rule: 'drift', until: 1_000, reason: 'campaign' }],
    });
    log.want(firing(1));
    await delivery.deliver();
    isCatchingUp = false;
    await delivery.deliver();
    expect(receiver.requests).toHaveLength(0);
    clock.now = 1_000;
    await delivery.deliver();
    expect(receiver.requests).toHaveLength(1);
  });

  it('reports a dead receiver by a code that does not name its address', async () => {
    const { log, delivery, results } = await set();
    await receiver[Symbol.asyncDispose]();
    log.want(firing(1));
    await delivery.deliver();
    expect(results).toEqual([{ channel: 'hook', error: 'ECONNREFUSED', failures: 1 }]);
  });

  it('follows no redirect: the message is for the address in the settings only', async () => {
    const { log, delivery, results } = await set();
    receiver.answers.push({ status: 302, headers: { location: '/elsewhere' } });
    log.want(firing(1));
    await delivery.deliver();
    expect(results).toEqual([{ channel: 'hook', error: '302', failures: 1 }]);
  });

  it('never sends twice at the same time', async () => {
    const { log, delivery } = await set();
    log.want(firing(1));
    await Promise.all([delivery.deliver(), delivery.deliver(), delivery.deliver()]);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('who is told', () => {
  const rules: readonly AlertRule[] = [
    { name: 'drift', when: { kind: 'drift' }, for: { ms: 0 }, severity: 'warning', notify: ['team', 'oncall', 'off'] },
  ];
  const { channels } = parseSettings({
    text: `channels:
  team: { type: webhook, url: http://a }
  oncall: { type: webhook, url: http://a, min_severity: critical }
  off: { type: webhook, url: "" }`,
    file: 'driftline.yaml',
    directory: '/',
    environment: {},
    readSecretFile: () => '',
  });

  it('is every channel of the rule that is switched on and wants this severity', () => {
    const change = { alert: firing(1), previous: 'inactive', at: 0 } as const;
    expect(desiredDeliveries([change], rules, channels).map(({ channel }) => channel)).toEqual(['team']);
  });

  it('is nobody while an alert is pending', () => {
    const change = { alert: { ...firing(1), state: 'pending' }, previous: 'inactive', at: 0 } as const;
    expect(desiredDeliveries([change], rules, channels)).toEqual([]);
  });
});

const { id } = alertOf('firing');

function firing(transition: number): Alert {
  return alertOf('firing', { transition });
}

function resolved(transition: number): Alert {
  return alertOf('resolved', { transition });
}

/** The rows of the store, in memory. */
class DeliveryRows implements DeliveryLog {
  #alert: Alert | undefined;
  #sent: { readonly seq: number; readonly state?: 'firing' | 'resolved' } = { seq: 0 };

  want(alert: Alert): void {
    this.#alert = alert;
  }

  forget(): void {
    this.#sent = { seq: 0 };
  }

  async pending() {
    if (this.#alert === undefined || this.#sent.seq >= this.#alert.transition) return [];
    const { state } = this.#sent;
    return [{ alert: this.#alert, channel: 'hook', ...(state === undefined ? {} : { lastSent: state }) }];
  }

  async markSent(_id: string, _channel: string, seq: number, state = this.#sent.state) {
    this.#sent = { seq, ...(state === undefined ? {} : { state }) };
  }
}

async function set({ log = new DeliveryRows(), ...options }: Partial<DeliveryOptions> & { log?: DeliveryRows } = {}) {
  const clock = { now: 0 };
  const results: DeliveryResult[] = [];
  const { channels } = parseSettings({
    text: `channels: { hook: { type: webhook, url: "${receiver.url}/hook", headers: { X-Token: open sesame } } }`,
    file: 'driftline.yaml',
    directory: '/',
    environment: {},
    readSecretFile: () => '',
  });
  const delivery = new AlertDelivery({
    log,
    channels,
    silences: [],
    now: () => clock.now,
    random: () => 1,
    post: httpPost(() => clock.now),
    isCatchingUp: () => false,
    onResult: (result) => results.push(result),
    ...options,
  });
  return { log, delivery, clock, results };
}

let receiver: RecordingServer;
beforeEach(async () => {
  receiver = await RecordingServer.listen();
});
afterEach(async () => receiver[Symbol.asyncDispose]());

function received() {
  return receiver.requests.map(({ body }): { readonly state: string; readonly seq: number } =>
    JSON.parse(body.toString()),
  );
}
