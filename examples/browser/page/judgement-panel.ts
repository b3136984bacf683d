import type { FeatureMeasurement, ModelsResponse, WindowSummary } from '@driftline/collector-processor';
import { byId, element } from './elements.ts';

const words: Readonly<Record<FeatureMeasurement['state'], string>> = {
  ok: 'as in training',
  warning: 'a little different',
  drift: 'drifted',
  insufficient_data: 'too few to say',
  no_reference: 'nothing to compare with',
};

/** Asks every second what the drift service found last; windows of too few rows change nothing. */
export function judgementPanel(site: string): void {
  const judged = byId('judged', HTMLElement);
  const rows = byId('judgement', HTMLTableSectionElement);
  const look = async (): Promise<void> => {
    const { models }: ModelsResponse = await (await fetch(new URL('/models', site))).json();
    const latest = models.find(({ name }) => name === 'digits')?.latest;
    if (latest === undefined || latest.state === 'insufficient_data') return;
    judged.textContent = `${latest.rows} digits, ${spanOf(latest)}`;
    rows.replaceChildren(...latest.features.map(row));
  };
  // A service that is away now answers the next time.
  setInterval(() => void look().catch(() => {}), 1_000);
}

function row({ name, state, size, direction }: FeatureMeasurement): HTMLElement {
  const change = state === 'ok' ? '' : `${direction}, by ${size.toFixed(1)} standard deviations`;
  return element(
    'tr',
    state,
    element('th', '', name),
    element('td', '', element('span', 'state', words[state])),
    element('td', 'change', change),
  );
}

function spanOf({ windowStart, windowEnd }: WindowSummary): string {
  return `${timeOf(windowStart)} to ${timeOf(windowEnd)}`;
}

function timeOf(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}
