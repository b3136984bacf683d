/** For `node --import @driftline/instrumentation/register app.js`: watches the models of an application that knows nothing of it. */
import { register } from 'node:module';
import { describeError } from './faults.ts';
import { isDisabledByEnvironment } from './settings.ts';

/** The application may bring up an SDK of its own; if it has not by then, ours is. */
const SDK_AFTER_MS = 5_000;

if (!isDisabledByEnvironment()) await watchApplication();

async function watchApplication(): Promise<void> {
  try {
    const { autoInstrumentations, driftlineInstrumentations } = await import('./auto.ts');
    // Only what we watch goes through the hook: wrapping every module of an application is asking for trouble.
    const include = autoInstrumentations.flatMap(({ modules }) => modules.map(({ name }) => name));
    register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, { data: { include } });
    driftlineInstrumentations();
    await startBeforeApplication();
  } catch (error) {
    console.warn(
      `driftline: models are not watched: ${describeError(error)}. The application runs without.${wayOut(error)}`,
    );
  }
}

async function startBeforeApplication(): Promise<void> {
  const [{ start }, { carryContext, startNodeSdk }, { atFirstCall }] = await Promise.all([
    import('./start.ts'),
    import('./node-sdk.ts'),
    import('./auto/instrument/first-call.ts'),
  ]);
  let sdk: ReturnType<typeof startNodeSdk>;
  start({}, () => ({ flush: async () => sdk?.flush(), shutdown: async () => sdk?.shutdown() }));
  const startSdk = (): void => {
    clearTimeout(timer);
    sdk ??= startNodeSdk({});
    carryContext();
  };
  const timer = setTimeout(startSdk, SDK_AFTER_MS).unref();
  atFirstCall(startSdk);
}

function wayOut(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? ' Install it: npm i @opentelemetry/instrumentation @opentelemetry/api.' : '';
}
