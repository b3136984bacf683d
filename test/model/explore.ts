export interface Machine<State> {
  readonly initial: State;
  /** Everything that may happen next. */
  readonly steps: (state: State) => Iterable<Step<State>>;
  /** What is wrong with a state, if anything is. */
  readonly complaint: (state: State) => string | undefined;
  /** The same text for states that behave alike. */
  readonly canonical: (state: State) => string;
}

export interface Step<State> {
  readonly label: string;
  readonly state: State;
}

export interface Exploration {
  readonly states: number;
  /** The shortest way to the first wrong state. */
  readonly violation?: { readonly complaint: string; readonly trace: readonly string[] };
}

/** Visits every state that can be reached, nearest first. Throws when there are more than `most`. */
export function explore<State>(machine: Machine<State>, most: number): Exploration {
  const seen = new Set([machine.canonical(machine.initial)]);
  let frontier: readonly Visited<State>[] = [{ state: machine.initial, label: 'start', from: undefined }];
  while (frontier.length > 0) {
    const next: Visited<State>[] = [];
    for (const from of frontier) {
      const complaint = machine.complaint(from.state);
      if (complaint !== undefined) return { states: seen.size, violation: { complaint, trace: traceTo(from) } };
      for (const { label, state } of machine.steps(from.state)) {
        const key = machine.canonical(state);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push({ state, label, from });
      }
    }
    if (seen.size > most) throw new Error(`more than ${most} states; make the model smaller`);
    frontier = next;
  }
  return { states: seen.size };
}

interface Visited<State> extends Step<State> {
  readonly from: Visited<State> | undefined;
}

function traceTo<State>(last: Visited<State>): readonly string[] {
  const trace: string[] = [];
  for (let at: Visited<State> | undefined = last; at?.from !== undefined; at = at.from) trace.unshift(at.label);
  return trace;
}
