import { HOUR_MS } from '../durations.ts';
import type { EvaluationState } from '../evaluate/evaluation-state.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import type { Observations } from '../evaluate/observations.ts';
import type { ObservedSegment } from '../evaluate/segment-observations.ts';
import { type Capture, capturedId, capturedReferences, type CapturedReference } from './captured.ts';
import { continueCapture } from './ongoing-capture.ts';
import { nothingToCompareWith, profileReferences } from './model-references.ts';
import { always, knowsSegments, type NamedReferences } from './named-references.ts';
import { emptyBook, type ReferenceBook, versionKey, withInUse, withVersion } from './reference-book.ts';
import { type ConfiguredModel, firstConfigured, mainInUse } from './reference-choice.ts';
import type { ReferenceEntries } from './reference-entries.ts';
import { keysOf, rollingKey, type RollingPlan } from './rolling-plan.ts';
import { addWindow, closeSlot, type Period, rollingReferences, type RollingState } from './rolling-reference.ts';
import type { KnownShapes } from './known-shapes.ts';

export interface ReferenceInput extends ConfiguredModel {
  readonly shapes: KnownShapes;
  readonly state: EvaluationState;
  readonly window: Period;
  /** Whether the last hour is judged beside the window. */
  readonly hasHour: boolean;
  readonly entries: ReferenceEntries;
  /** Of one feature, that a capture keeps. */
  readonly mostCategories: number;
  /** The attributes whose values are judged apart. */
  readonly segments: readonly string[];
}

export interface PreparedReferences {
  /** What the window is judged against, the main one first. */
  readonly inUse: readonly NamedReferences[];
  /** The state before the window, as the references in use want it. */
  readonly state: EvaluationState;
  /** What the judged window adds to references that are being made. */
  after(
    measurement: WindowMeasurement,
    observations: readonly Observations[],
    segments: () => readonly ObservedSegment[],
    moments: readonly ReportedMoments[],
  ): Promise<AfterWindow>;
}

export interface AfterWindow {
  readonly references: ReferenceBook;
  readonly notices: readonly string[];
}

export async function prepareReferences(input: ReferenceInput): Promise<PreparedReferences> {
  const { state, entries, window, plans } = input;
  const adopted = adoptCaptured(state, entries);
  const rolling = await closedSlots(input, adopted.rolling);
  const first = firstConfigured(input);
  const configured = [...(first === undefined ? [] : [first]), ...plans.map((plan) => plan.id)];
  const known = Object.fromEntries(configured.map((one) => [one, adopted.known[one] ?? window.start]));
  const book = { ...adopted, rolling, known };
  const id = mainInUse(book, input);
  const isAnother = book.history.length > 0 && id !== undefined && book.history.at(-1) !== id;
  const capture = await withContent(state.capture, id, book, entries);
  const references = withInUse(book, id);
  const inUse = await namedReferences(input, { ...state, capture, references }, id);

  return {
    inUse,
    // What was remembered of the features was found against another reference.
    state: { ...state, capture, references, ...(isAnother && { features: {} }) },
    async after(measurement, observations, segments, moments) {
      const added: Record<string, RollingState> = {};
      for (const plan of plans) {
        const before = rolling[rollingKey(plan)] ?? { since: window.start, plan };
        const judged = {
          window,
          measurement,
          observations,
          segments: keepsSegments(plan, inUse, input.segments) ? segments() : undefined,
          moments,
        };
        added[rollingKey(plan)] = await addWindow(plan, before, judged, entries);
      }
      const [first] = input.sources;
      const everyMs = first?.kind === 'capture' ? first.everyMs : undefined;
      const rows = first?.kind === 'capture' ? first.rows : 0;
      const schedule = everyMs === undefined ? undefined : { everyMs, rows };
      return continueCapture({
        book: { ...references, rolling: added },
        measurement,
        observations,
        segments,
        moments,
        schedule,
        entries,
        mostCategories: input.mostCategories,
      });
    },
  };
}

/** Segments are judged against the first that knows any: a moving one behind it has no use for them. */
function keepsSegments({ id }: RollingPlan, inUse: readonly NamedReferences[], names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const first = inUse.findIndex((one) => knowsSegments(one, names));
  return first < 0 || inUse.findIndex((one) => one.id === id) <= first;
}

/** What an older version captured is a version like those that follow it. */
function adoptCaptured({ capture, references }: EvaluationState, entries: ReferenceEntries): ReferenceBook {
  const book = references ?? emptyBook;
  if (capture.state !== 'captured') return book;
  const { reference } = capture;
  const id = capturedId(reference);
  // An older one than the newest was taken away, or pinned again.
  if (reference.capturedAt <= (book.versions.at(-1)?.until ?? 0)) return book;
  entries.put(versionKey(id), shelfOf(reference));
  const until = reference.capturedAt;
  const version = { id, origin: 'first_rows', rows: reference.rows, from: until, until, driftedWindows: 0 } as const;
  const { book: adopted, dropped } = withVersion(book, version);
  entries.drop(dropped.map(versionKey));
  return adopted;
}

function shelfOf(reference: CapturedReference) {
  const { capturedAt, rows: _, ...sketches } = reference;
  return { slots: [{ start: capturedAt, end: capturedAt, drifted: {}, ...sketches }] };
}

/** Slots that the window has left behind are closed; what the settings name no longer is cleared away. */
async function closedSlots(
  input: ReferenceInput,
  known: ReferenceBook['rolling'],
): Promise<Readonly<Record<string, RollingState>>> {
  const { plans, window, entries } = input;
  const wanted = new Set(plans.map(rollingKey));
  for (const [key, { plan }] of Object.entries(known)) if (!wanted.has(key)) entries.drop(keysOf(plan));
  const rolling: Record<string, RollingState> = {};
  for (const plan of plans) {
    rolling[rollingKey(plan)] = await closeSlot(plan, known[rollingKey(plan)], window, input);
  }
  return rolling;
}

/** The sketches of the captured version in use, in the state itself: who goes back to an older service still has them. */
async function withContent(
  capture: Capture,
  id: string | undefined,
  { versions }: ReferenceBook,
  entries: ReferenceEntries,
): Promise<Capture> {
  if (id === undefined || !id.startsWith('captured:')) return capture;
  if (capture.state === 'captured' && capturedId(capture.reference) === id) return capture;
  const [slot] = (await entries.get(versionKey(id)))?.slots ?? [];
  if (slot === undefined) return capture;
  const { start: _, end: capturedAt, drifted: __, ...sketches } = slot;
  const rows = versions.find((version) => version.id === id)?.rows ?? 0;
  return { state: 'captured', reference: { capturedAt, rows, ...sketches } };
}

async function namedReferences(
  input: ReferenceInput,
  state: EvaluationState,
  id: string | undefined,
): Promise<readonly NamedReferences[]> {
  const { sources, plans, profiles } = input;
  const named: NamedReferences[] = [];
  const add = (one: NamedReferences | undefined) => {
    if (one !== undefined && named.every((other) => other.id !== one.id)) named.push(one);
  };
  const plan = plans.find((one) => one.id === id);
  if (id !== undefined && id.startsWith('captured:')) add(capturedOf(input, state));
  else if (plan !== undefined) add(await movingOf(input, state, plan));
  else if (profiles.some((profile) => profile.id === id)) add(profileOf(input, id));
  else add({ name: 'captured', id: '', at: always(nothingToCompareWith) });
  for (const [i, source] of sources.entries()) {
    // What stands in for the first stands beside the others.
    if (i === 0) continue;
    if (source.kind === 'profile') add(profileOf(input, profiles[0]?.id));
    if (source.kind === 'capture') add(capturedOf(input, state));
  }
  for (const other of plans) {
    if (other.id !== firstConfigured(input)) add(await movingOf(input, state, other));
  }
  return named;
}

function profileOf({ profiles }: ReferenceInput, id: string | undefined): NamedReferences | undefined {
  const chosen = profiles.find((profile) => profile.id === id);
  if (chosen === undefined) return undefined;
  const createdAt = Date.parse(chosen.createdAt ?? '');
  return {
    name: 'profile',
    id: chosen.id,
    rows: chosen.rows,
    ...(!Number.isNaN(createdAt) && { createdAt }),
    at: always(profileReferences([chosen, ...profiles.filter((profile) => profile !== chosen)])),
  };
}

function capturedOf({ shapes }: ReferenceInput, { capture, references }: EvaluationState): NamedReferences | undefined {
  if (capture.state !== 'captured') return undefined;
  const id = capturedId(capture.reference);
  const rows = references?.versions.find((version) => version.id === id)?.rows ?? capture.reference.rows;
  return {
    name: 'captured',
    id,
    rows,
    createdAt: capture.reference.capturedAt,
    at: always(capturedReferences(capture.reference, shapes)),
  };
}

async function movingOf(
  input: ReferenceInput,
  { references }: EvaluationState,
  plan: RollingPlan,
): Promise<NamedReferences> {
  const { window, hasHour } = input;
  const state = references?.rolling[rollingKey(plan)] ?? { since: window.start, plan };
  const hour = { start: hasHour ? Math.min(window.start, window.end - HOUR_MS) : window.start, end: window.end };
  const of = (horizon: Period) => rollingReferences(plan, state, horizon, input);
  // The previous period ends before the longest horizon begins, so that all are compared with the same rows.
  const hourly = await of(hour);
  const at = { window: plan.kind === 'previous' ? hourly : await of(window), '1h': hourly };
  return { name: plan.kind, id: plan.id, at };
}
