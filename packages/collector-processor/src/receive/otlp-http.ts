import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Admission } from './admission.ts';
import type { Authenticate } from './bearer.ts';
import { readBody } from './body.ts';
import { type Decoded, DecodeError, type Encoding, type OtlpDecoder, type Signal, signals } from './decode/index.ts';
import { contentTypes, type Failure, failureBody, successBody } from './otlp-response.ts';
import type { Ingest, Refusals } from './unit.ts';

export interface OtlpHttpOptions {
  readonly decoder: OtlpDecoder;
  readonly ingest: Ingest;
  readonly admission: Admission;
  readonly authenticate: Authenticate;
  /** Largest body, also after decompression. */
  readonly limitBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In [0, 1); spreads the retries of those who were turned away. */
  readonly random?: () => number;
  /** Sites whose pages may send. */
  readonly origins?: readonly string[];
  /** Below the shortest default of the senders, so that we answer before they give up and send again. */
  readonly timeoutMs?: number;
  readonly observe?: (request: ReceivedRequest) => void;
}

/** What self telemetry counts of a request. */
export interface ReceivedRequest {
  readonly signal: Signal;
  readonly status: number;
  /** Metrics, log records or spans that were not ours to read. */
  readonly ignored: number;
  /** A fault of ours; the sender was told 503. */
  readonly error?: unknown;
}

type Environment = { Bindings: HttpBindings };
type Outcome = (Failure | { readonly status: 200; readonly refused: Refusals }) & {
  readonly ignored?: number;
  readonly error?: unknown;
};

/** POST /v1/metrics, /v1/logs and /v1/traces by the rules of OTLP/HTTP. Needs a Node server underneath. */
export function otlpHttp(options: OtlpHttpOptions): Hono<Environment> {
  const { origins = [], observe, timeoutMs = 4000, random = Math.random } = options;
  const app = new Hono<Environment>();
  if (origins.length > 0)
    app.use(
      '/v1/*',
      cors({ origin: [...origins], allowMethods: ['POST'], exposeHeaders: ['Retry-After'], maxAge: 86_400 }),
    );
  for (const signal of signals)
    app.post(`/v1/${signal}`, async (context) => {
      const outcome = await within(timeoutMs, receive(options, signal, context));
      observe?.({ signal, status: outcome.status, ignored: outcome.ignored ?? 0, error: outcome.error });
      return respond(context, signal, outcome, random);
    });
  return app;
}

/** Never rejects: what was not foreseen is our fault, and the sender shall try again rather than drop its data. */
async function receive(options: OtlpHttpOptions, signal: Signal, { req, env }: Context<Environment>): Promise<Outcome> {
  const sender = options.authenticate(req.header('authorization'));
  if (sender === undefined) return failure(401, 'no valid token; send "Authorization: Bearer <token>"');
  const encoding = encodingOf(req.header('content-type'));
  if (encoding === undefined)
    return failure(
      415,
      `content-type "${req.header('content-type') ?? ''}" is not read; send ${Object.values(contentTypes).join(' or ')}`,
    );
  const compression = req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (compression !== 'gzip' && compression !== 'identity')
    return failure(415, `content-encoding "${compression}" is not read; send gzip or none`);
  const { limitBytes } = options;
  const tooLarge = failure(413, `more than ${limitBytes} bytes, counted after decompression; send smaller batches`);
  const announcedBytes = Number(req.header('content-length') ?? 0);
  if (announcedBytes > limitBytes) return tooLarge;
  const lease = options.admission.admit(sender.tenant, announcedBytes);
  if (lease === undefined) return noRoom;

  let ignored = 0;
  try {
    const body = await readBody(env.incoming, { isGzip: compression === 'gzip', limitBytes, lease });
    if (body === 'too_large') return tooLarge;
    if (body === 'no_room') return noRoom;
    if (body === 'undecodable' || body === 'aborted')
      return failure(400, `the body is ${body === 'aborted' ? 'incomplete' : 'not gzip'}`);
    const decoded = options.decoder.decode({ signal, encoding, body, tenant: sender.tenant, nowMs: options.now() });
    ignored = decoded.ignored;
    return { ...(await ingested(options.ingest, decoded)), ignored };
  } catch (error) {
    if (error instanceof DecodeError) return failure(400, error.message);
    return { ...failure(503, 'the service failed on this request'), ignored, error };
  } finally {
    lease.release();
  }
}

async function ingested(ingest: Ingest, { units, refused }: Decoded): Promise<Outcome> {
  const isNothingOfOurs = units.length === 0 && Object.keys(refused).length === 0;
  const result = isNothingOfOurs ? { refused } : await ingest(units, refused);
  if (result === 'overloaded') return noRoom;
  if (result === 'unavailable') return failure(503, 'the store cannot take this now');
  return { status: 200, refused: result.refused };
}

/** The work goes on after the time is over, and holds its lease until it ends; a retry finds it already counted. */
async function within(timeoutMs: number, work: Promise<Outcome>): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const timer = setTimeout(() => resolve(failure(503, `not committed within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function respond(
  { req, body }: Context<Environment>,
  signal: Signal,
  outcome: Outcome,
  random: () => number,
): Response {
  const encoding = encodingOf(req.header('content-type')) ?? 'json';
  const content =
    outcome.status === 200 ? successBody(encoding, signal, outcome.refused) : failureBody(encoding, outcome);
  return body(content, outcome.status, {
    'content-type': contentTypes[encoding],
    ...(outcome.status === 401 && { 'www-authenticate': 'Bearer' }),
    ...((outcome.status === 429 || outcome.status === 503) && {
      'retry-after': String(1 + Math.floor(random() * longestRetrySeconds)),
    }),
  });
}

const longestRetrySeconds = 30;

function encodingOf(contentType: string | undefined): Encoding | undefined {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === contentTypes.protobuf) return 'protobuf';
  return mediaType === contentTypes.json ? 'json' : undefined;
}

const failure = (status: Failure['status'], message: string): Failure => ({ status, message });
const noRoom = failure(429, 'too much in flight; try again later');
