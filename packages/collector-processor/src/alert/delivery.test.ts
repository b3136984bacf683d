import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    expect(receiver.requests[0]?.body).toMatchObject({
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
    receiver.answers.push(500, 503);
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
    receiver.answers.push({ status: 429, retryAfter: '120' });
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
    receiver.answers.push(500);
    log.want(firing(1));
    await delivery.deliver();
    log.want(resolved(2));
    clock.now = 60_000;
    await delivery.deliver();
    expect(receiver.requests.map(({ body }) => body.state)).toEqual(['firing']);

    log.want(firing(3));
    await delivery.deliver();
    log.want(resolved(4));
    log.want(firing(5));
    log.want(resolved(6));
    await delivery.deliver();
    expect(receiver.requests.map(({ body }) => [body.state, body.seq])).toEqual([
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
    await receiver.close();
    log.want(firing(1));
    await delivery.deliver();
    expect(results).toEqual([{ channel: 'hook', error: 'ECONNREFUSED', failures: 1 }]);
  });

  it('follows no redirect: the message is for the address in the settings only', async () => {
    const { log, delivery, results } = await set();
    receiver.answers.push(302);
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

const id = '0123456789abcdef0123456789abcdef';

function firing(transition: number): Alert {
  return {
    id,
    rule: 'drift',
    severity: 'warning',
    model: { key: 'k', tenant: '', resource: { 'service.name': 'hiring-api' }, name: 'employment', version: '7' },
    state: 'firing',
    since: 1_000,
    activeSince: 500,
    windows: 2,
    transition,
    value: 0.3123,
    threshold: 0.2,
    feature: 'age',
    features: ['age', 'pay'],
    direction: 'higher',
  };
}

function resolved(transition: number): Alert {
  return { ...firing(transition), state: 'resolved' };
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
    text: `channels: { hook: { type: webhook, url: "${receiver.url}", headers: { X-Token: open sesame } } }`,
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

type Answer = number | { readonly status: number; readonly retryAfter: string };

let receiver: Awaited<ReturnType<typeof listen>>;
beforeEach(async () => {
  receiver = await listen();
});
afterEach(async () => receiver.close());

/** A real HTTP server that keeps what it got and answers as told, else 204. */
async function listen() {
  const requests: { readonly headers: IncomingHttpHeaders; readonly body: { state: string; seq: number } }[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      const answer = answers.shift() ?? 204;
      const { status, headers } =
        typeof answer === 'number'
          ? { status: answer, headers: { location: '/elsewhere' } }
          : { status: answer.status, headers: { 'retry-after': answer.retryAfter } };
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    requests,
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
