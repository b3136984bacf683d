import type { ModelEvaluator } from './model-evaluator.ts';
import { sealPanes } from './panes/sealing.ts';
import { modelSettings, type Settings } from './settings.ts';
import type { Store } from './store/store.ts';

export interface JudgingOptions {
  readonly store: Store;
  readonly settings: Settings;
  readonly evaluator: ModelEvaluator;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** One model's trouble is not that of the others. */
  readonly onFault: (error: unknown) => void;
}

/**
 * One look at everything: seals what is due, judges what is sealed, notices silence, forgets what is old. The service
 * looks every second, a backtest at every moment of the past at which something may have changed.
 */
export class Judging {
  readonly #options: JudgingOptions;
  readonly #serviceStart: number;
  #nextCleaning: number;

  constructor(options: JudgingOptions) {
    this.#options = options;
    this.#serviceStart = options.now();
    this.#nextCleaning = this.#serviceStart;
  }

  async look(): Promise<void> {
    const { store, settings, evaluator, now, onFault } = this.#options;
    if (now() >= this.#nextCleaning) {
      this.#nextCleaning = now() + CLEANING_MS;
      await store.forgetBefore(now() - settings.store.retention);
    }
    const models = await store.progress();
    evaluator.forgetAllBut(models);
    for (const progress of models) {
      const { lateness, hold } = modelSettings(settings, progress.model.name).window;
      const rules = { latenessMs: lateness, holdMs: hold, serviceStart: this.#serviceStart };
      try {
        const sealed = await sealPanes(store, progress, rules, now());
        const current = sealed.length === 0 ? progress : await store.progressOf(progress.model.key);
        if (current !== undefined) await evaluator.evaluateSealed(current);
      } catch (error) {
        onFault(error);
      }
    }
    await evaluator.tick();
  }
}

/** How often what is older than the retention goes. */
const CLEANING_MS = 3_600_000;
