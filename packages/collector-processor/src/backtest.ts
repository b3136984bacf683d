import type { AlertChange } from './alert/alert.ts';
import { silencesThatMatter } from './alert/alert-engine.ts';
import { chooseColumns } from './backtest/columns.ts';
import { Replay } from './backtest/replay.ts';
import { countedFor, type QualityAsked } from './backtest/quality-counter.ts';
import { HistorySender, type PredictionColumns } from './backtest/sender.ts';
import { byTime, type Cuts, periodEnd, sliced, type WindowSlice } from './backtest/slices.ts';
import { MOST_MS_AHEAD, survey, type Survey, type TimeUnit } from './backtest/survey.ts';
import { type Suggestions, Thresholds } from './backtest/thresholds.ts';
import { alphaOf } from './evaluate/drift/decision/budget.ts';
import type { ObservedVerdict } from './evaluate/told-verdicts.ts';
import type { WindowMeasurement } from './evaluate/measurement.ts';
import { DataFile, type Selection } from './files/data-file.ts';
import { noNumbersInWords, withExamples } from './files/no-numbers.ts';
import { DataFileError } from './files/data-file-error.ts';
import { loadReferences } from './files/reference-files.ts';
import { Identities } from './receive/identity.ts';
import { ReferenceLibrary } from './reference/reference-library.ts';
import { modelSettings, type Settings } from './settings.ts';
import { openTemporaryStore } from './store/temporary.ts';

export { DataFileError } from './files/data-file-error.ts';
export type { AlertChange } from './alert/alert.ts';
export type { PredictionColumns } from './backtest/sender.ts';
export type { FeatureSuggestion, Suggestions } from './backtest/thresholds.ts';
export { type Survey, type TimeUnit, timeUnits } from './backtest/survey.ts';
export { timesItsLimit } from './evaluate/drift/decision/times-its-limit.ts';
export { formatDuration } from './settings/units.ts';
export type { FeatureMeasurement, WindowMeasurement } from './evaluate/measurement.ts';

export interface BacktestOptions {
  /** A CSV, Parquet or JSON Lines file. */
  readonly path: string;
  readonly settings: Settings;
  /** Needed where the settings name several models, or none. */
  readonly model?: string | undefined;
  /** The column of times. */
  readonly time: string;
  /** Of a column of numbers; by their size unless said. */
  readonly timeUnit?: TimeUnit | undefined;
  readonly prediction?: PredictionColumns | undefined;
  /** The column of what became true. */
  readonly truth?: string | undefined;
  /** The column of when it was known; with the row itself unless said. */
  readonly truthTime?: string | undefined;
  /** What the senders count beside distributions, as `quality` of `monitorModel`; what constraints ask for is counted too. */
  readonly quality?: QualityAsked | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Columns of codes that are categories, where no profile says so. */
  readonly categorical?: readonly string[] | undefined;
  /** Milliseconds since the epoch; `until` is not included. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  /** Windows that end by then are free of real change, and limits are chosen from them; the whole history unless said. */
  readonly quietUntil?: number | undefined;
  /** Limits are chosen for it; the settings' own unless said. */
  readonly falseAlarmsPerMonth?: number | undefined;
  /** What the service would take for now: rows beyond it are refused. */
  readonly now: number;
  readonly onBegin?: ((history: History) => void) | undefined;
  readonly onWindow?: ((window: WindowMeasurement, verdicts: readonly ObservedVerdict[]) => void) | undefined;
  readonly onAlertChange?: ((change: AlertChange) => void) | undefined;
  readonly onNotice?: ((line: string) => void) | undefined;
  readonly onProgress?: ((progress: BacktestProgress) => void) | undefined;
}

export interface BacktestProgress {
  readonly phase: 'times' | 'windows';
  readonly rows: number;
  readonly totalRows?: number | undefined;
}

/** What is known before the first window is judged. */
export interface History {
  readonly model: { readonly name: string; readonly version: string };
  readonly survey: Survey;
  /** Of the rows that are played. */
  readonly span: { readonly from: number; readonly until: number };
  readonly windowMs: number;
  /** Features of the sender, and the outputs. */
  readonly subjects: readonly string[];
}

export interface Backtest extends History {
  /** Rows in windows. */
  readonly rows: number;
  /** Windows in which chance alone may have found drift, of features, correlations or segments, had nothing ever changed. */
  readonly expectedFalseAlarms: number;
  /** Undefined where nothing could be judged. */
  readonly suggestions: Suggestions | undefined;
  /** Outcomes of which prediction and truth have nothing in common. */
  readonly incomparableOutcomes: number;
}

/**
 * Plays the rows of a file through the service's own panes, evaluation and alert engine, on the clock of the rows.
 * Throws a DataFileError, or what the service would refuse to start with.
 */
export async function backtestFile(options: BacktestOptions): Promise<Backtest> {
  const { path, time, now, onProgress } = options;
  const onNotice = saidOnce(options.onNotice);
  const name = modelOf(options.settings, options.model);
  const settings = offline(options.settings, name);
  const own = modelSettings(settings, name);
  const profiles = await loadReferences(settings);
  const profile = profiles.get(name)?.[0];
  const model = { name, version: profile?.model.version ?? '' };
  const windowMs = own.window.every;

  using file = await DataFile.open(path);
  const { prediction = {}, truth, truthTime, exclude = [], categorical = [] } = options;
  const outcomeColumns = [truth, truthTime].filter((column) => column !== undefined);
  const taken = [time, ...outcomeColumns, ...Object.values(prediction)];
  for (const column of [...taken, ...categorical, ...own.segments]) file.column(column);
  const chosen = await chooseColumns({ file, profile, settings: own, taken, exclude, categorical });
  for (const notice of chosen.notices) onNotice(notice);

  const surveyed = await survey({
    file,
    column: time,
    unit: options.timeUnit,
    windowMs,
    latenessMs: own.window.lateness,
    now,
    onProgress: (rows) => onProgress?.({ phase: 'times', rows }),
  });
  const subjects = [...Object.keys(chosen.features), ...Object.keys(prediction)];
  const span = spanOf(options, surveyed);
  const until = Math.min(span.until, surveyed.last + 1);
  const history: History = { model, survey: surveyed, span: { from: span.from, until }, windowMs, subjects };
  options.onBegin?.(history);

  await using store = disposable(await openTemporaryStore());
  const sender = new HistorySender({
    identities: new Identities({ key: store.deployment.hashKey, identity: settings.identity }),
    model,
    reference: profile,
    features: chosen.features,
    prediction,
    truth,
    segments: own.segments,
    quality: countedFor(Object.keys(chosen.features), own.constraints, options.quality),
  });
  let expectedFalseAlarms = 0;
  const promise = { falseAlarmsPerMonth: own.drift.falseAlarmsPerMonth, stepMs: windowMs };
  const thresholds = new Thresholds({
    windowMs,
    falseAlarmsPerMonth: options.falseAlarmsPerMonth ?? own.drift.falseAlarmsPerMonth,
    quietUntil: options.quietUntil ?? Infinity,
  });
  const replay = await Replay.begin({
    store,
    settings,
    references: new ReferenceLibrary(profiles, settings),
    start: span.from - windowMs,
    onWindow: (window, verdicts) => {
      expectedFalseAlarms += testedShare(verdicts) * alphaOf({ ...promise, horizons: 1 });
      thresholds.add(window, verdicts);
      options.onWindow?.(window, verdicts);
    },
    onAlertChanges: (changes) => {
      for (const change of changes) options.onAlertChange?.(change);
    },
    onNotice,
  });
  const periodMs = Math.min(PERIOD_MS, windowMs);
  const silenceMs = unnoticedSilence(settings.rules, periodMs);
  const cuts = { unitMs: surveyed.unitMs, windowMs, periodMs, silenceMs };
  const rows = await play(replay, sender, sources(file, sender, span, options, surveyed, cuts), {
    ...cuts,
    onRows: (read) => onProgress?.({ phase: 'windows', rows: read, totalRows: surveyed.rows }),
  });
  if (rows === 0) throw new DataFileError(`${path} has no row between --from and --until.`);
  const noNumbers = [...sender.noNumbers].map(([column, cells]) => ({ column, cells }));
  for (const one of await withExamples(file, noNumbers)) onNotice(noNumbersInWords(one));
  // Silence up to a time that was asked for is silence; the end of a file is none.
  if (options.until !== undefined) await replay.silence(Math.min(options.until, now));
  await replay.end();
  const suggestions = thresholds.suggestions();
  return { ...history, rows, expectedFalseAlarms, suggestions, incomparableOutcomes: sender.incomparable };
}

/** Some are told with every window. */
function saidOnce(say: (line: string) => void = () => {}): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}

/**
 * Each horizon has its part of the level against each reference; one in which nothing could be tested cannot be wrong.
 * What correlations and segments have of the level is in it.
 */
function testedShare(verdicts: readonly ObservedVerdict[]): number {
  const tested = verdicts.filter(({ state }) => state !== 'no_reference' && state !== 'insufficient_data');
  return verdicts.length === 0 ? 0 : partsOf(tested) / partsOf(verdicts);
}

function partsOf(verdicts: readonly ObservedVerdict[]): number {
  return new Set(verdicts.map(({ horizon, reference }) => `${horizon} ${reference.id}`)).size;
}

/** The model that the settings speak of. Throws an Error that lists them where that is not clear. */
function modelOf({ models, defaults }: Settings, wanted: string | undefined): string {
  const known = Object.keys(models);
  if (wanted !== undefined) {
    if (known.length === 0 || known.includes(wanted) || typeof defaults.reference === 'string') return wanted;
    throw new Error(`--model ${wanted} is not in the settings; known: ${known.join(', ')}.`);
  }
  const [only] = known;
  if (only !== undefined && known.length === 1) return only;
  throw new Error(
    known.length === 0
      ? 'the settings name no model; say which one the rows are of: --model NAME.'
      : `the settings name ${known.length} models; say which one the rows are of: --model ${known.join(' | ')}.`,
  );
}

/** What only a running service needs is left out: other models' files, endpoints, channels. */
function offline(settings: Settings, model: string): Settings {
  const own = settings.models[model];
  return {
    ...settings,
    models: own === undefined ? {} : { [model]: own },
    channels: {},
    publish: { ...settings.publish, endpoint: '' },
  };
}

type Sources = Readonly<Record<'rows' | 'outcomes', AsyncGenerator<WindowSlice>>>;

interface PlayOptions extends Omit<Cuts, 'column'> {
  readonly onRows: (rows: number) => void;
}

interface Span {
  readonly from: number;
  readonly until: number;
}

function spanOf({ from, until, now }: BacktestOptions, { first }: Survey): Span {
  return { from: Math.max(from ?? first, first), until: Math.min(until ?? Infinity, now + MOST_MS_AHEAD) };
}

function sources(
  file: DataFile,
  sender: HistorySender,
  { from, until }: Span,
  { time, truth, truthTime }: BacktestOptions,
  { outOfOrder }: Survey,
  cuts: Omit<Cuts, 'column'>,
): Sources {
  const read = (column: string, selection: Selection, isSorted: boolean) => {
    const bounds = { from: from / cuts.unitMs, until: until / cuts.unitMs };
    const chunks = file.read({ ...selection, [column]: 'time' }, { column, ...bounds, isSorted });
    return sliced(chunks, { column, ...cuts });
  };
  const isSorted = outOfOrder === 0;
  const rows = read(time, sender.rowSelection, isSorted);
  if (truth === undefined) return { rows, outcomes: nothing() };
  const isWithRows = truthTime === undefined;
  return { rows, outcomes: read(truthTime ?? time, sender.outcomeSelection, isWithRows && isSorted) };
}

async function* nothing(): AsyncGenerator<WindowSlice> {}

/** How often a sender sends: what happened in between arrives together. */
const PERIOD_MS = 60_000;

/** In whole periods. Two of them, one without rows and one until they are told, are still shorter than any that matters. */
function unnoticedSilence(rules: Settings['rules'], periodMs: number): number {
  const shortest = Math.min(...silencesThatMatter(rules));
  return periodMs * Math.max(1, Math.floor(shortest / 2 / periodMs) - 1);
}

async function play(
  replay: Replay,
  sender: HistorySender,
  from: Sources,
  { windowMs, periodMs, silenceMs, onRows }: PlayOptions,
): Promise<number> {
  let rows = 0;
  let open: { readonly windowStart: number; readonly endsSilence: boolean; readonly last: number } | undefined;
  const send = async (): Promise<void> => {
    if (open === undefined) return;
    const { windowStart, last } = open;
    const end = Math.min(windowStart + windowMs, periodEnd(last, periodMs));
    // All since the last unit, told as of its last period: how long a sender's periods are says when it is missed.
    await replay.arrive(sender.units(Math.max(windowStart, end - periodMs), end), end);
  };
  for await (const [kind, slice] of byTime(from)) {
    const isOver =
      open === undefined ||
      open.windowStart !== slice.windowStart ||
      slice.first - open.last >= silenceMs ||
      slice.first >= periodEnd(open.last, open.endsSilence ? periodMs : silenceMs);
    if (open === undefined || isOver) {
      await send();
      open = slice;
    }
    open = { ...open, last: Math.max(open.last, slice.last) };
    if (kind === 'outcomes') sender.recordOutcomes(slice);
    else {
      sender.record(slice);
      rows += slice.to - slice.from;
      onRows(rows);
    }
  }
  await send();
  return rows;
}

function disposable<Closable extends { close(): Promise<void> }>(one: Closable): Closable & AsyncDisposable {
  return { ...one, [Symbol.asyncDispose]: () => one.close() };
}
