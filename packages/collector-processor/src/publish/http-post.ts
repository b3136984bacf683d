export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** How a request ended: an HTTP status, or a word for why there is none. Never an address: it may be a secret. */
export type HttpResult = { readonly status: number; readonly retryAfterMs?: number } | { readonly failure: string };

export type HttpPost = (request: HttpRequest) => Promise<HttpResult>;

const timeoutMs = 10_000;

/** POSTs once. Redirects are refused: they would carry the message, and its secrets, to whoever is named. */
export function httpPost(now: () => number): HttpPost {
  return async ({ url, headers, body }) => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await response.body?.cancel();
      const retryAfterMs = retryAfter(response.headers.get('retry-after'), now());
      return { status: response.status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    } catch (error) {
      return { failure: reasonOf(error) };
    }
  };
}

/** What went wrong, in a word; undefined on success. */
export function failureOf(result: HttpResult): string | undefined {
  if ('failure' in result) return result.failure;
  return result.status >= 200 && result.status < 300 ? undefined : String(result.status);
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
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
