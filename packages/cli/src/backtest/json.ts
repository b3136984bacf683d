import type { AlertChange, Backtest, Suggestions, WindowMeasurement } from '@driftline/collector-processor/backtest';

/** One JSON object, written as it comes: a long history has more windows than fit into memory. Times are ISO 8601. */
export class JsonReport {
  readonly #write: (text: string) => void;
  readonly #alerts: AlertChange[] = [];
  #windows = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  window(window: WindowMeasurement): void {
    const { windowStart, windowEnd, model: _model, ...judged } = window;
    const shown = { start: iso(windowStart), end: iso(windowEnd), ...judged };
    this.#write(`${this.#windows++ === 0 ? '{"windows": [\n' : ',\n'}${JSON.stringify(shown)}`);
  }

  alert(change: AlertChange): void {
    this.#alerts.push(change);
  }

  end(backtest: Backtest): void {
    if (this.#windows === 0) this.#write('{"windows": [');
    this.#write(`\n],\n"alerts": ${JSON.stringify(this.#alerts.map(alertShown))},\n`);
    const { model, windowMs, rows, survey, incomparableOutcomes, expectedFalseAlarms, suggestions } = backtest;
    const history = {
      ...survey,
      first: iso(survey.first),
      last: iso(survey.last),
      rowsInWindows: rows,
      windowMs,
      incomparableOutcomes,
    };
    this.#write(`"model": ${JSON.stringify(model)},\n"history": ${JSON.stringify(history)},\n`);
    this.#write(`"expectedFalseAlarms": ${JSON.stringify(expectedFalseAlarms)},\n`);
    this.#write(
      `"suggestions": ${JSON.stringify(suggestions === undefined ? null : suggestionsShown(suggestions))}}\n`,
    );
  }
}

function alertShown({ alert, at }: AlertChange) {
  const { rule, state, model, feature = null, features, severity, value, threshold, direction } = alert;
  return { rule, state, at: iso(at), model: model.name, feature, features, severity, value, threshold, direction };
}

function suggestionsShown({ quiet, ...suggestions }: Suggestions) {
  return { quiet: { ...quiet, from: iso(quiet.from), until: iso(quiet.until) }, ...suggestions };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
