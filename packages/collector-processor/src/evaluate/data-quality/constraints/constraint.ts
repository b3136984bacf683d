/** What a declared constraint asks of one feature, one output, or of the rows. Shares are of all rows. */
export interface Constraint {
  readonly feature?: string;
  readonly output?: string;
  /** No value below it. */
  readonly min?: number;
  /** No value above it. */
  readonly max?: number;
  /** No category but these. */
  readonly in?: readonly string[];
  /** How large a share may break min, max or in; none where it is not said. */
  readonly violationsAtMost?: number;
  readonly missingAtMost?: number;
  readonly distinctAtMost?: number;
  readonly distinctAtLeast?: number;
  readonly rowsAtLeast?: number;
  readonly duplicatesAtMost?: number;
}

/** What a window says of one check: at least and at most so large a share breaks it. */
export interface Checked {
  /** The key in the settings, which is the rule's name in results. */
  readonly check: string;
  readonly atLeast: number;
  /** Larger where a bucket straddles the limit, so that nobody knows on which side its rows are. */
  readonly atMost: number;
  readonly limit: number;
  readonly rows: number;
  readonly detail?: string;
}

/** The window cannot tell: why, and what to do about it. */
export interface Untold {
  readonly check: string;
  readonly why: string;
}
