import { OpenPane } from '../../packages/collector-processor/src/panes/open-pane.ts';
import { decodeHeld, encodeHeld } from '../../packages/collector-processor/src/panes/state-codec.ts';
import {
  type CommitDecision,
  decideCommit,
  decideEvaluation,
  decideSeal,
  type Receipt,
  type ReceiptChange,
} from '../../packages/collector-processor/src/store/commit.ts';
import { pointOf } from '../support/units.ts';
import type { Machine, Step } from './explore.ts';

/**
 * Two services that commit to one pane of one store, and two that evaluate it. A unit of two points arrives whole, in
 * halves, and again; messages overtake each other; a service loses the answer to its commit by a crash or by its
 * patience, and the commit may still arrive. Decisions, merging and planning are those of the product.
 * Not modelled: several panes, the watermark, and disks that forget what they synced.
 */
export function ingestModel(rules: Rules, bounds: Bounds): Machine<State> {
  return {
    initial: {
      store: { sealedEnd: 0, rev: '', states: new Map(), receipts: new Map(), version: 0, published: [] },
      services: [{}, {}],
      evaluators: [{}, {}],
      wandering: [],
      acknowledged: [],
      frozen: undefined,
      left: bounds,
      commits: 0,
    },
    steps: (state) => stepsFrom(state, rules),
    complaint,
    canonical,
  };
}

/** What may be left out, to see that it is missed. */
export interface Rules {
  readonly decideCommit: typeof decideCommit;
  readonly decideEvaluation: typeof decideEvaluation;
  /** The points of a unit that have a receipt, by their tags. */
  readonly tagOf: (point: Point) => number;
  /** Whether an answer is given before the store has one. */
  readonly answersEarly: boolean;
  /** Whether a conflict is taken to mean that all was counted before. */
  readonly takesConflictForDuplicate: boolean;
  /** Whether a service that lost its answer takes the commit for done, instead of reading again. */
  readonly assumesSuccess: boolean;
  /** Whether receipts are stored first and states afterwards. */
  readonly claimsFirst: boolean;
  readonly evaluatesOpenPanes: boolean;
}

export const rules: Rules = {
  decideCommit,
  decideEvaluation,
  tagOf: (point) => (point === 'a' ? 1 : 2),
  answersEarly: false,
  takesConflictForDuplicate: false,
  assumesSuccess: false,
  claimsFirst: false,
  evaluatesOpenPanes: false,
};

interface Bounds {
  readonly deliveries: number;
  readonly faults: number;
}

type Point = 'a' | 'b';
type Points = readonly Point[];

interface State {
  readonly store: Stored;
  readonly services: readonly Service[];
  readonly evaluators: readonly Evaluator[];
  /** Commits that nobody waits for any more. */
  readonly wandering: readonly Commit[];
  /** Points whose sender was told that they are counted. */
  readonly acknowledged: Points;
  /** The content when the pane was sealed. */
  readonly frozen: string | undefined;
  readonly left: Bounds;
  /** Names revisions. */
  readonly commits: number;
}

interface Stored {
  readonly sealedEnd: number;
  readonly rev: string;
  readonly states: ReadonlyMap<string, Uint8Array>;
  readonly receipts: ReadonlyMap<string, Uint8Array>;
  readonly version: number;
  readonly published: readonly string[];
}

interface Service {
  readonly base?: Base;
  readonly job?: { readonly points: Points; readonly commit: Commit };
}

/** What a service knows of the pane. */
interface Base {
  readonly rev: string;
  readonly states: ReadonlyMap<string, Uint8Array>;
  readonly receipts: readonly Receipt[];
}

interface Commit {
  readonly expectedRev: string;
  readonly nextRev: string;
  readonly receipts: readonly ReceiptChange[];
  readonly states: ReadonlyMap<string, Uint8Array>;
  /** Of a commit in two parts, the second. */
  readonly isSecondPart?: boolean;
}

interface Evaluator {
  readonly read?: { readonly version: number; readonly content: string };
}

const pane = { start: 0, end: 300_000 };
const limits = { features: 10, categories: 10, segments: 20, series: 10, cumulativeStreams: 10 };
const shapes: readonly Points[] = [['a', 'b'], ['a'], ['b']];

function* stepsFrom(state: State, rules: Rules): Generator<Step<State>> {
  const { services, wandering, left, evaluators, store } = state;
  for (const [i, { base, job }] of services.entries()) {
    if (job === undefined && left.deliveries > 0) {
      for (const points of shapes) {
        const received = { ...state, left: { ...left, deliveries: left.deliveries - 1 } };
        const answered = rules.answersEarly ? acknowledge(received, points) : received;
        yield { label: `service ${i} receives ${points.join('')}`, state: planned(answered, i, points, rules) };
      }
    }
    if (job !== undefined) {
      yield { label: `the store answers service ${i}`, state: arrived(state, i, rules) };
      if (left.faults > 0) {
        const unsure = withService(state, i, rules.assumesSuccess && base ? { base: after(base, job.commit) } : {});
        yield {
          label: `service ${i} loses its answer`,
          state: {
            ...unsure,
            wandering: [...wandering, job.commit],
            left: { ...left, faults: left.faults - 1 },
          },
        };
      }
    }
  }
  for (const [i, commit] of wandering.entries()) {
    const rest = { ...state, wandering: wandering.toSpliced(i, 1) };
    yield { label: 'a commit arrives that nobody waits for', state: applied(rest, commit, rules).state };
  }
  if (store.states.size > 0 && decideSeal({ sealedEnd: store.sealedEnd, oldestOpen: pane.start }, pane) === 'sealed') {
    const sealed = { ...store, sealedEnd: pane.end, receipts: new Map() };
    yield { label: 'the pane is sealed', state: { ...state, store: sealed, frozen: contentOf(store.states) } };
  }
  for (const [i, { read }] of evaluators.entries()) {
    if (read === undefined && store.version === 0 && (store.sealedEnd > 0 || rules.evaluatesOpenPanes)) {
      const content = contentOf(store.states);
      yield {
        label: `evaluator ${i} reads`,
        state: withEvaluator(state, i, { read: { version: store.version, content } }),
      };
    }
    if (read !== undefined) {
      const decision = rules.decideEvaluation(store.version, read.version);
      const published = { ...store, version: store.version + 1, published: [...store.published, read.content] };
      const next = withEvaluator(state, i, {});
      yield { label: `evaluator ${i} commits`, state: decision === 'committed' ? { ...next, store: published } : next };
    }
  }
}

/** Reads what it does not know, merges, and sends its commit on its way; what is all counted already has its answer. */
function planned(state: State, i: number, points: Points, rules: Rules): State {
  const { store, services, commits } = state;
  const base = services[i]?.base ?? { rev: store.rev, states: store.states, receipts: [] };
  const open = new OpenPane(base, limits);
  open.learn(base.receipts);
  const plan = open.plan([{ unit, points: points.map((point) => pointNamed(point, rules)) }]);
  const [tally] = plan.tallies;
  if (tally === undefined || tally.merged + tally.duplicate !== points.length) throw new Error('a point has no answer');
  if (plan.changed.size === 0) return acknowledge(withService(state, i, { base }), points);

  const nextRev = `r${commits + 1}`;
  const states = new Map(Array.from(plan.changed, ([key, held]) => [key, encodeHeld(held)]));
  const commit: Commit = { expectedRev: base.rev, nextRev, receipts: plan.receipts, states };
  return { ...withService(state, i, { base, job: { points, commit } }), commits: commits + 1 };
}

function arrived(state: State, i: number, rules: Rules): State {
  const { base, job } = state.services[i]!;
  if (base === undefined || job === undefined) throw new Error('nobody waits for an answer');
  const { points, commit } = job;
  const { state: next, decision, secondPart } = applied(state, commit, rules);
  if (secondPart !== undefined) return withService(next, i, { base, job: { points, commit: secondPart } });
  switch (decision.outcome) {
    case 'committed':
      return acknowledge(withService(next, i, { base: after(base, commit) }), points);
    case 'conflict': {
      const learnt = withService(next, i, { base: { ...base, receipts: decision.stored } });
      return rules.takesConflictForDuplicate ? acknowledge(learnt, points) : planned(learnt, i, points, rules);
    }
    case 'outdated':
      return planned(withService(next, i, {}), i, points, rules);
    case 'sealed':
      return withService(next, i, {});
  }
}

function after(base: Base, { nextRev, states, receipts }: Commit): Base {
  return { rev: nextRev, states: new Map([...base.states, ...states]), receipts };
}

interface Applied {
  readonly state: State;
  readonly decision: CommitDecision;
  readonly secondPart?: Commit;
}

function applied(state: State, commit: Commit, rules: Rules): Applied {
  const { store } = state;
  const decision = commit.isSecondPart
    ? { outcome: 'committed' as const }
    : rules.decideCommit(store, { pane, expectedRev: commit.expectedRev, receipts: commit.receipts });
  if (decision.outcome !== 'committed') return { state, decision };
  const isFirstPart = rules.claimsFirst && commit.isSecondPart !== true;
  const receipts = new Map([...store.receipts, ...commit.receipts.map(({ unit, tags }) => [unit, tags] as const)]);
  const states = isFirstPart ? store.states : new Map([...store.states, ...commit.states]);
  const rev = isFirstPart ? store.rev : commit.nextRev;
  return {
    state: { ...state, store: { ...store, rev, receipts, states } },
    decision,
    ...(isFirstPart ? { secondPart: { ...commit, isSecondPart: true } } : {}),
  };
}

function complaint({ store, acknowledged, frozen }: State): string | undefined {
  const content = contentOf(store.states);
  for (const point of ['a', 'b'] as const) {
    const times = content.split(point).length - 1;
    if (times > 1) return `${point} is counted ${times} times`;
    if (times === 0 && acknowledged.includes(point)) return `${point} is acknowledged and lost`;
  }
  if (frozen !== undefined && content !== frozen) return `the sealed pane changed from ${frozen} to ${content}`;
  if (store.published.length > 1) return 'the window is published twice';
  if (store.published.length > 0 && frozen === undefined) return 'an open pane is published';
  return store.published.length === store.version ? undefined : 'a version was skipped';
}

const unit = { id: 'unit', writer: 'writer', startNs: 0n, endNs: 60_000_000_000n };

/** a counts 1 and b 1000, so that a sum tells how often it holds each. */
function pointNamed(point: Point, { tagOf }: Rules) {
  const value = { kind: 'sum', value: point === 'a' ? 1 : 1_000 } as const;
  return pointOf({ value, tag: tagOf(point), metric: 'ml.feature.observations' });
}

function contentOf(states: ReadonlyMap<string, Uint8Array>): string {
  const values = [...states.values()].map((bytes) => decodeHeld(bytes).state);
  const sum = values.reduce((sum, state) => sum + (state.kind === 'sum' ? state.value : 0), 0);
  return 'a'.repeat(sum % 1_000) + 'b'.repeat(Math.floor(sum / 1_000));
}

function acknowledge(state: State, points: Points): State {
  return { ...state, acknowledged: [...new Set([...state.acknowledged, ...points])].toSorted() };
}

function withService(state: State, i: number, service: Service): State {
  return { ...state, services: state.services.with(i, service) };
}

function withEvaluator(state: State, i: number, evaluator: Evaluator): State {
  return { ...state, evaluators: state.evaluators.with(i, evaluator) };
}

/** Revisions are only compared with each other: they are named by the order in which they are met. */
function canonical(state: State): string {
  const names = new Map<string, string>();
  return JSON.stringify(state, (key, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    if (value instanceof Map) return [...value];
    if (key === 'commits') return undefined;
    if (typeof value !== 'string' || value === '' || !/^(?:rev|expectedRev|nextRev)$/.test(key)) return value;
    const name = names.get(value) ?? `${names.size}`;
    names.set(value, name);
    return name;
  });
}
