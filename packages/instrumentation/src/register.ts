/** For `node --import @driftline/instrumentation/register app.js`: watches the models of an application that knows nothing of it. */
import { register } from 'node:module';
import { explainError } from './faults.ts';
import { isDisabledByEnvironment } from './settings.ts';

/** The application may bring up an SDK of its own; if it has not by then, ours is. */
const SDK_AFTER_MS = 5_000;

if (!isDisabledByEnvironment()) await watchApplication();

async function watchApplication(): Promise<void> {
  try {
    const [{ autoInstrumentations, driftlineInstrumentations }, { profilesFromEnvironment }] = await Promise.all([
      import('./auto.ts'),
      import('./auto/instrument/profiles-from-environment.ts'),
    ]);
    // Only what we watch goes through the hook: wrapping every module of an application is asking for trouble.
    const include = autoInstrumentations.flatMap(({ modules }) => modules.map(({ name }) => name));
    register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, { data: { include } });
    // Now, so that what is wrong with them is said when the application starts.
    driftlineInstrumentations({ profiles: profilesFromEnvironment() });
    await startBeforeApplication();
  } catch (error) {
    console.warn(
      `driftline: models are not watched: ${explainError(error)}. The application runs without.${wayOut(error)}`,
    );
  }
}

async function startBeforeApplication(): Promise<void> {
  const [{ start }, { carryContext, startNodeSdk }, { resourceSettingsOf }, { startResources }, { atFirstCall }] =
    await Promise.all([
      import('./start.ts'),
      import('./node-sdk.ts'),
      import('./resources/resource-settings.ts'),
      import('./resources/start-resources.ts'),
      import('./auto/instrument/first-call.ts'),
    ]);
  let sdk: ReturnType<typeof startNodeSdk>;
  const settings = resourceSettingsOf(undefined, (message) => console.warn(`driftline: ${message}`));
  start({}, (lane) => [
    { flush: async () => sdk?.flush(), shutdown: async () => sdk?.shutdown() },
    startResources(settings, lane),
  ]);
  const startSdk = (): void => {
    clearTimeout(timer);
    sdk ??= startNodeSdk({ service: undefined, metricGroups: settings.hostMetricGroups });
    carryContext();
  };
  const timer = setTimeout(startSdk, SDK_AFTER_MS).unref();
  atFirstCall(startSdk);
}

function wayOut(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? ' Install it: npm i @opentelemetry/instrumentation @opentelemetry/api.' : '';
}
