interface Wanted {
  readonly least: number;
  readonly wanted: string;
  readonly isWhole?: boolean;
}

/** @throws where a setting of a test makes no sense; the message names it. */
export function checkNumbers(
  test: string,
  settings: Readonly<Record<string, number | undefined>>,
  { least, wanted, isWhole = false }: Wanted,
): void {
  for (const [name, value] of Object.entries(settings))
    if (value !== undefined && !(value >= least && Number.isFinite(value) && (!isWhole || Number.isInteger(value))))
      throw new Error(`${test}: ${name} is ${value}; give ${wanted}`);
}

/** @throws where there is nothing to call the model with. */
export function checkInputs(test: string, inputs: readonly unknown[]): void {
  if (inputs.length === 0) throw new Error(`${test}: inputs is empty; give inputs as production has them`);
}

/** Over and over; there is at least one. */
export function* inTurn<Input>(inputs: readonly Input[]): Generator<Input, never> {
  for (;;) yield* inputs;
}
