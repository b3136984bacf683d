/** The machine under a test, so that tests of tests can bring their own. */
export interface TestMachine {
  /** Milliseconds, with fractions; never runs backwards. */
  now(): number;
  memory(): MemoryUse;
  /** Collects all that can be; absent where the process was started without `--expose-gc`. */
  readonly collectGarbage?: (() => Promise<void>) | undefined;
  fileBytes(path: string | URL): Promise<number>;
  /** Milliseconds from an empty process's import of the module until its exported function has resolved. */
  coldLoad(module: URL, exportName: string, signal: AbortSignal): Promise<number>;
}

/** Bytes. */
export interface MemoryUse {
  /** JavaScript objects and what they hold outside the heap: buffers, tensors. */
  readonly heap: number;
  /** Resident: all that the process has, native libraries included. */
  readonly resident: number;
}
