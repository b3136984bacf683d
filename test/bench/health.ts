import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { quantileSorted } from 'simple-statistics';

export interface ProbeTimes {
  readonly checks: number;
  readonly probes: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** One probe after the other over a kept connection, from the first byte asked to the last one answered. */
export async function probeTimes(checks: number, probes: number): Promise<ProbeTimes> {
  const server = new Worker(new URL('./health-server.ts', import.meta.url), { workerData: checks });
  const [port]: readonly number[] = await once(server, 'message');
  const socket = connect(port ?? 0, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const times: number[] = [];
  for (let probe = 0; probe < probes + WARM_UP; probe += 1) {
    const startedAt = performance.now();
    socket.write('GET /readyz HTTP/1.1\r\nhost: bench\r\n\r\n');
    await answered(socket);
    if (probe >= WARM_UP) times.push(performance.now() - startedAt);
  }
  socket.destroy();
  await server.terminate();
  times.sort((one, other) => one - other);
  const at = (share: number) => quantileSorted(times, share);
  return { checks, probes, medianMs: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

const WARM_UP = 2_000;

/** Whole: as many bytes as it says. */
async function answered(socket: ReturnType<typeof connect>): Promise<void> {
  let text = '';
  for (;;) {
    text += String((await once(socket, 'data'))[0]);
    const [head = '', body] = text.split('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(head)?.[1];
    if (body === undefined) continue;
    if (!head.startsWith('HTTP/1.1 503') || length === undefined) throw new Error(`a probe was answered ${text}`);
    if (body.length >= Number(length)) return;
  }
}
