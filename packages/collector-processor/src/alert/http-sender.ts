import type { SendResult } from './delivery.ts';
import type { HttpRequest } from './channels/channel.ts';

const timeoutMs = 10_000;

/** POSTs once. Redirects are refused: they would carry the message, and its secrets, to whoever is named. */
export async function sendHttp({ url, headers, body }: HttpRequest, now: () => number): Promise<SendResult> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await response.body?.cancel();
    const retryAfter = retryAfterOf(response.headers.get('retry-after'), now());
    return { status: response.status, ...(retryAfter === undefined ? {} : { retryAfter }) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** The error's code only: messages of network errors name the address. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string') {
    return cause.code;
  }
  return error instanceof Error ? error.name : 'unknown';
}

/** Seconds, or a date. */
function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
