/** For `node --import @driftline/instrumentation/register app.js`: watches the models of an application that knows nothing of it. */
import { register } from 'node:module';
import { explainError } from './faults.ts';
import { isDisabledByEnvironment } from './settings.ts';
import type { Companion, Driftline } from './start.ts';

/** The application may bring up an SDK of its own; if it has not by then, ours is. */
const SDK_AFTER_MS = 5_000;
const LAST_WORDS_MS = 2_000;

if (!isDisabledByEnvironment()) await watchApplication();

async function watchApplication(): Promise<void> {
  try {
    await instrumentModules();
    lastWords(await startBeforeApplication());
  } catch (error) {
    const reason = explainError(error);
    console.warn(`driftline: models are not watched: ${reason}. The application runs without.${wayOut(error)}`);
  }
}

async function instrumentModules(): Promise<void> {
  const [{ autoInstrumentations, driftlineInstrumentations }, { profilesFromEnvironment }] = await Promise.all([
    import('./auto.ts'),
    import('./auto/instrument/profiles-from-environment.ts'),
  ]);
  // Only what we watch goes through the hook: wrapping every module of an application is asking for trouble.
  const include = autoInstrumentations.flatMap(({ modules }) => modules.map(({ name }) => name));
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, { data: { include } });
  // Read now, so that what is wrong with them is said when the application starts.
  driftlineInstrumentations({ profiles: profilesFromEnvironment() });
}

/** What needs an SDK waits for the first call of a model: by then the application has brought up its own, or has none. */
async function startBeforeApplication(): Promise<Driftline> {
  const [{ start }, { startCompanions }, { carryContext }, { atFirstCall }] = await Promise.all([
    import('./start.ts'),
    import('./node-companions.ts'),
    import('./node-sdk.ts'),
    import('./first-call.ts'),
  ]);
  let companions: readonly Companion[] | undefined;
  return start({}, (lane) => {
    const begin = (): void => {
      clearTimeout(timer);
      companions ??= startCompanions({}, lane);
      carryContext();
    };
    const timer = setTimeout(begin, SDK_AFTER_MS).unref();
    atFirstCall(begin);
    return [
      {
        flush: async () => {
          for (const companion of companions ?? []) await companion.flush();
        },
        shutdown: async () => {
          for (const companion of companions ?? []) await companion.shutdown();
        },
      },
    ];
  });
}

/** The application does not know that there is something to send: it goes before the process does. */
function lastWords(driftline: Driftline): void {
  process.once('beforeExit', () => void driftline.shutdown());
  process.once('SIGTERM', (signal) => {
    const endsBySignal = process.listenerCount(signal) === 0;
    void driftline.shutdown({ timeoutMs: LAST_WORDS_MS }).finally(() => {
      if (endsBySignal) process.kill(process.pid, signal);
    });
  });
}

function wayOut(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? ' Install it: npm i @opentelemetry/instrumentation @opentelemetry/api.' : '';
}
