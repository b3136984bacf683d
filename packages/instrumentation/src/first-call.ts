let waiting: (() => void) | undefined;

/** Runs once, before the first call of a model: by then the application has started what it starts. */
export function atFirstCall(run: () => void): void {
  waiting = run;
}

export function announceFirstCall(): void {
  const run = waiting;
  waiting = undefined;
  run?.();
}
