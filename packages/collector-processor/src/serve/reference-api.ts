import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import {
  cancelCapture,
  captureOnRequest,
  type ChangeRefused,
  deleteReference,
  pinReference,
  type ReferenceChange,
  type ReferencesView,
  rollBack,
  unpinReference,
} from '../reference/reference-changes.ts';

/** `GET /api/v1/models/{id}/references`, and the answer to every change. */
export type ReferencesResponse = ReferencesView;

export interface ReferenceApi {
  /** Undefined for a model that nobody sends for. */
  readonly view: (model: string) => Promise<ReferencesView | undefined>;
  readonly change: (model: string, change: ReferenceChange) => Promise<ReferencesView | ChangeRefused>;
  /** Why this request may not change anything; undefined where it may. */
  readonly writeRefusal: (request: {
    readonly authorization: string | undefined;
    readonly host: string;
  }) => string | undefined;
}

/** Lists, captures, pins, rolls back and deletes the references of one model. A change holds from the next window on. */
export function referenceRoutes({ view, change, writeRefusal }: ReferenceApi): Hono {
  const app = new Hono();
  const path = '/models/:id/references';

  app.get(path, async (context) => {
    const found = await view(context.req.param('id'));
    return found === undefined
      ? context.json({ error: 'no model has this id; /api/v1/models lists them' }, 404)
      : context.json(found satisfies ReferencesResponse);
  });

  app.use(`${path}/*`, async (context, next) => {
    const { method } = context.req;
    if (method !== 'POST' && method !== 'DELETE') return next();
    const refusal = writeRefusal({
      authorization: context.req.header('authorization'),
      host: context.req.header('host') ?? '',
    });
    if (refusal !== undefined) return context.json({ error: refusal }, 403);
    // A page of another site can send a form, but no JSON without being asked for its origin first.
    if (method === 'POST' && !isJson(context.req.header('content-type'))) {
      return context.json({ error: 'send content-type: application/json' }, 415);
    }
    return next();
  });
  app.use(
    `${path}/*`,
    bodyLimit({
      maxSize: LARGEST_BODY,
      onError: (context) => context.json({ error: `the body is larger than ${LARGEST_BODY} bytes` }, 413),
    }),
  );

  const answer = async (context: Context, made: ReferenceChange, status: 200 | 202 = 200) => {
    const outcome = await change(context.req.param('id') ?? '', made);
    return 'refused' in outcome
      ? context.json({ error: outcome.message }, statusOf[outcome.refused])
      : context.json(outcome satisfies ReferencesResponse, status);
  };
  app.post(path, async (context) => {
    const wish = wishOf(await context.req.text());
    return wish === undefined ? context.json({ error: badWish }, 400) : answer(context, captureOnRequest(wish), 202);
  });
  app.post(`${path}/rollback`, (context) => answer(context, rollBack));
  app.delete(`${path}/ongoing`, (context) => answer(context, cancelCapture));
  app.post(`${path}/:reference/pin`, (context) => answer(context, pinReference(context.req.param('reference'))));
  app.delete(`${path}/:reference/pin`, (context) => answer(context, unpinReference(context.req.param('reference'))));
  app.delete(`${path}/:reference`, (context) => answer(context, deleteReference(context.req.param('reference'))));
  return app;
}

const LARGEST_BODY = 16 * 1024;
const statusOf = { invalid: 400, unknown: 404, conflict: 409 } as const;

const time = z.union([z.int().nonnegative(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);
const wish = z.union([z.strictObject({ rows: z.int() }), z.strictObject({ from: time, until: time })]);
const badWish =
  'the body must be {"rows": 10000}, or {"from": ..., "until": ...} with times such as "2026-11-20T08:00:00Z" or milliseconds since the epoch';

function wishOf(body: string): z.output<typeof wish> | undefined {
  try {
    return wish.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
