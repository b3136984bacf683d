import { randomUUID } from 'node:crypto';
import { createHealth, dependencyCheck } from '@driftline/health';
import {
  ATTR_DRIFTLINE_INGEST_RESULT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVICE_NAME,
  METRIC_DRIFTLINE_INGEST_POINTS,
  METRIC_DRIFTLINE_INGEST_REQUESTS,
} from '@driftline/semantic-conventions';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { alertEngine } from './alert/alert-engine.ts';
import { AlertDelivery } from './alert/delivery.ts';
import type { WindowMeasurement } from './evaluate/measurement.ts';
import { loadReferences } from './files/reference-files.ts';
import { Judging } from './judging.ts';
import { ModelEvaluator } from './model-evaluator.ts';
import { PaneIngest } from './panes/pane-ingest.ts';
import { paneLimits } from './panes/series-census.ts';
import { httpPost } from './publish/http-post.ts';
import { OtlpPublisher } from './publish/otlp-publisher.ts';
import { Publication } from './publish/publication.ts';
import { SelfTelemetry } from './publish/self-telemetry.ts';
import { Admission } from './receive/admission.ts';
import { anyone, bearerTokens } from './receive/bearer.ts';
import { OtlpDecoder } from './receive/decode/index.ts';
import { Identities } from './receive/identity.ts';
import { otlpHttp } from './receive/otlp-http.ts';
import type { Ingest } from './receive/unit.ts';
import { ReferenceLibrary } from './reference/reference-library.ts';
import { listen } from './serve/listener.ts';
import { queryApi } from './serve/query-api.ts';
import { Reporter } from './serve/reporter.ts';
import { writeAccess } from './serve/write-access.ts';
import { formatAddress, modelSettings, type Settings } from './settings.ts';
import { stores } from './store/index.ts';
import type { Store } from './store/store.ts';
import { version } from './version.ts';

export interface DriftServiceOptions {
  readonly settings: Settings;
  /** Milliseconds since the epoch. A simulated clock replays history as if it were now. */
  readonly now?: () => number;
  /** What a person should read, a line each. */
  readonly log?: (line: string) => void;
  /** Every judged window, once it is durable. */
  readonly onWindow?: (window: WindowMeasurement) => void;
  /** How often to look for windows that are due; 0 leaves it to calls of `tick`. */
  readonly tickMs?: number;
}

export interface DriftService extends AsyncDisposable {
  /** Where the query API and health answer, and OTLP unless it has an address of its own. */
  readonly url: string;
  readonly otlpUrl: string;
  /** Judges what is due, publishes and notifies; resolves when all of it has an answer. Never rejects. */
  tick(): Promise<void>;
  /**
   * Not ready and, after `drainMs` in which whoever balances the load may notice, no new requests; everything accepted is
   * committed and answered, then the store is closed.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/**
 * The whole data path: receive → decode → commit to panes → seal → evaluate → publish, alert, serve.
 * @throws Error that says what to do, when the state, a profile or the address cannot be had.
 */
export async function startDriftService(options: DriftServiceOptions): Promise<DriftService> {
  const { settings } = options;
  const references = new ReferenceLibrary(await loadReferences(settings), settings);
  const store = await stores[settings.store.type](settings.store);
  try {
    return await startOver(store, references, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function startOver(
  store: Store,
  references: ReferenceLibrary,
  options: DriftServiceOptions,
): Promise<DriftService> {
  const { settings, now = Date.now, log = () => {}, tickMs = 1000 } = options;
  const self = new SelfTelemetry({ [ATTR_SERVICE_NAME]: 'driftline' }, now());
  const report = new Reporter(log, self);

  const panes = await PaneIngest.over(store, {
    models: settings.limits.models,
    limits: paneLimits(settings.limits),
    paneMs: ({ name }) => modelSettings(settings, name).window.every,
    token: randomUUID,
    onFailure: report.fault,
    onCoarse: report.coarse,
    now,
  });
  const evaluator = new ModelEvaluator({
    store,
    settings,
    references,
    now,
    alerts: alertEngine(settings.rules),
    onNotice: report.notice,
    onSkipped: report.skipped,
    onWindow: (window) => options.onWindow?.(window),
  });
  await evaluator.restore();

  const post = httpPost(now);
  const publication = new Publication({
    results: { models: () => Promise.resolve(evaluator.published()) },
    outbox: { peek: (most) => store.outbox(most), remove: (ids) => store.deleteFromOutbox(ids) },
    publisher: new OtlpPublisher({ ...settings.publish, post }),
    settings: settings.publish,
    selfPoints: () => self.points(),
    deploymentId: store.deployment.id,
    version,
    now,
    random: Math.random,
    onReport: report.publication,
  });
  const delivery = new AlertDelivery({
    log: {
      pending: () => store.pendingDeliveries(),
      markSent: (alertId, channel, seq, state) =>
        store.markDelivered({ alertId, channel, seq, ...(state && { state }) }),
    },
    channels: settings.channels,
    silences: settings.silences,
    isCatchingUp: (model) => evaluator.isCatchingUp(model),
    now,
    random: Math.random,
    post,
    onResult: report.delivery,
  });

  const { auth } = settings;
  const health = createHealth({
    service: { version },
    checks: { store: dependencyCheck({ reach: () => store.progressOf('').then(() => undefined) }) },
    details:
      auth === 'none' || auth.page.length === 0 ? 'everybody' : { bearer: auth.page.map((token) => token.bearer) },
  });
  const otlp = otlpHttp({
    decoder: new OtlpDecoder(new Identities({ key: store.deployment.hashKey, identity: settings.identity })),
    ingest: counted(panes.ingest, self),
    admission: new Admission({ budgetBytes: Math.max(settings.limits.request, HEAP_SHARE) }),
    authenticate: auth === 'none' || auth.otlp.length === 0 ? anyone : bearerTokens(auth.otlp),
    limitBytes: settings.limits.request,
    origins: settings.cors.origins,
    now,
    observe: (request) => {
      self.count(METRIC_DRIFTLINE_INGEST_REQUESTS, { [ATTR_HTTP_RESPONSE_STATUS_CODE]: request.status });
      report.request(request);
    },
  });
  const api = queryApi({
    reader: {
      latest: () => store.latest(),
      results: (model, after, until) => store.results(model, after, until),
      alerts: () => Promise.resolve(evaluator.alerts()),
    },
    authenticate: auth === 'none' || auth.page.length === 0 ? anyone : bearerTokens(auth.page),
    references: {
      view: (model) => evaluator.references(model),
      change: (model, change) => evaluator.changeReferences(model, change),
      writeRefusal: writeAccess(auth, settings.listen.page),
    },
    onError: report.fault,
  });

  const { listen: wanted } = settings;
  const isOnePort = formatAddress(wanted.page) === formatAddress(wanted.otlp);
  const page = new Hono<{ Bindings: HttpBindings }>().route('/', health.routes).route('/', api);
  const doors = isOnePort
    ? [{ app: page.route('/', otlp), address: wanted.page }]
    : [
        { app: page, address: wanted.page },
        { app: otlp, address: wanted.otlp },
      ];
  const listeners = await listen(doors);
  health.start();

  const judging = new Judging({ store, settings, evaluator, now, onFault: report.fault });
  const judge = oneAtATime(report.fault, () => judging.look());
  // Beside the judging and beside each other: no slow endpoint may hold up anything else.
  const publish = oneAtATime(report.fault, async () => {
    if (settings.publish.endpoint !== '') await publication.publish();
  });
  const notify = oneAtATime(report.fault, () => delivery.deliver());
  const tell = () => Promise.all([publish(), notify()]);
  const tick = async (): Promise<void> => {
    await judge();
    await tell();
  };
  const timer =
    tickMs > 0
      ? setInterval(() => {
          void judge();
          void tell();
        }, tickMs)
      : undefined;

  let closing: Promise<void> | undefined;
  const close = ({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> =>
    (closing ??= (async () => {
      clearInterval(timer);
      await Promise.all([health.close(), new Promise((resolve) => setTimeout(resolve, drainMs))]);
      await Promise.all(listeners.map((listener) => listener.close()));
      await panes.drained();
      await judge();
      // What nobody takes in this time waits in the store for the next start.
      await Promise.race([tell(), new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())]);
      await store.close();
    })());

  const [first, second = first] = listeners;
  return {
    url: `http://${formatAddress(first?.address ?? settings.listen.page)}`,
    otlpUrl: `http://${formatAddress(second?.address ?? settings.listen.otlp)}`,
    tick,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** What a dead endpoint may delay the end by. */
const LAST_WORDS_MS = 5000;
/** Requests in flight, decompressed: a share of what a small container has. */
const HEAP_SHARE = 256 * 1024 * 1024;
/** A call while one is under way waits for that one. Never rejects. */
function oneAtATime(report: (error: unknown) => void, work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () =>
    (running ??= work()
      .catch(report)
      .finally(() => {
        running = undefined;
      }));
}

function counted(ingest: Ingest, self: SelfTelemetry): Ingest {
  const count = (result: string, by = 1) =>
    self.count(METRIC_DRIFTLINE_INGEST_POINTS, { [ATTR_DRIFTLINE_INGEST_RESULT]: result }, by);
  return async (units, refused) => {
    const result = await ingest(units, refused);
    if (typeof result === 'string') {
      count(
        result,
        units.reduce((sum, { points }) => sum + points.length, 0),
      );
    } else {
      count('merged', result.merged);
      count('duplicate', result.duplicate);
      for (const [reason, points] of Object.entries(result.refused)) count(reason, points);
    }
    return result;
  };
}
