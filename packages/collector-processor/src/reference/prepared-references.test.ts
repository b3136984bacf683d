import { describe, expect, it } from 'vitest';
import { initialEvaluationState } from '../evaluate/evaluation-state.ts';
import { capturedId, captureReference } from './captured.ts';
import { prepareReferences } from './prepared-references.ts';
import { type CapturedVersion, emptyBook, versionKey } from './reference-book.ts';
import { ReferenceEntries } from './reference-entries.ts';
import { nothingKnown } from './known-shapes.ts';

describe('references of a window', () => {
  it('are no more versions than are kept, and the sketches of the others go from the store', async () => {
    const versions = Array.from({ length: 20 }, (_, at): CapturedVersion => {
      return {
        id: capturedId({ capturedAt: at }),
        origin: 'request',
        rows: 1000,
        from: at,
        until: at,
        driftedWindows: 0,
      };
    });
    const [oldest] = versions;
    const entries = new ReferenceEntries(() => Promise.resolve(new Map()));
    const { state } = await prepareReferences({
      profiles: [],
      sources: [{ kind: 'capture', rows: 1000 }],
      plans: [],
      rowsToCapture: 1000,
      shapes: nothingKnown,
      state: {
        ...initialEvaluationState,
        capture: { state: 'captured', reference: captureReference([], 1000, 100) },
        references: { ...emptyBook, versions },
      },
      window: { start: 100, end: 200 },
      hasHour: false,
      entries,
      mostCategories: 100,
      segments: [],
    });
    expect(state.references?.versions.map(({ until }) => until)).toEqual([
      ...versions.slice(1).map(({ until }) => until),
      100,
    ]);
    const writes = entries.writes();
    expect([...writes].filter(([, bytes]) => bytes === undefined)).toEqual([[versionKey(oldest?.id ?? ''), undefined]]);
  });
});
