import type { ModelProgress, PaneProgress, Store } from '../store/store.ts';
import { isDue, mayBeSealed, openPanes, sealable, type SealReason, type SealRules } from './watermark.ts';

/** Seals what can be sealed of one model, oldest first; what it returns is durable. */
export async function sealPanes(
  store: Store,
  progress: ModelProgress,
  rules: SealRules,
  now: number,
): Promise<readonly { readonly pane: PaneProgress; readonly reason: SealReason }[]> {
  if (!mayBeSealed(progress, rules, now)) return [];
  const model = progress.model.key;
  const newlyDue = openPanes(progress).filter((pane) => pane.dueSince === undefined && isDue(pane, progress, rules));
  if (newlyDue.length > 0) {
    await store.noteDue(
      model,
      newlyDue.map(({ start }) => start),
      now,
    );
  }
  const sealed = sealable(progress, await store.readWriters(model), rules, now);
  for (const { pane } of sealed) await store.seal(model, pane);
  if (sealed.length > 0) await store.barrier();
  return sealed;
}
