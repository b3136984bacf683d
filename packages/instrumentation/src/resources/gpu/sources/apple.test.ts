import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { apple } from './apple.ts';

/** By hand, in the shape of ioreg's answer on Apple silicon. */
const answer = `+-o AGXAcceleratorG16G  <class AGXAcceleratorG16G, id 0x10000050b, registered, matched, active, busy 0>
    {
      "PerformanceStatistics" = {"In use system memory (driver)"=0,"Alloc system memory"=1500,"Tiler Utilization %"=20,"Device Utilization %"=21,"In use system memory"=350}
      "model" = "Apple M4"
      "gpu-core-count" = 10
    }
`;

const parse = (readings: string) => apple.parse({ readings, identities: '' });

it("knows utilization and memory in use, and not the driver's beside it", () => {
  expect(parse(answer)).toEqual([
    {
      id: 'AGXAcceleratorG16G-0',
      name: 'Apple M4',
      vendor: 'Apple',
      utilization: { general: 0.21 },
      memory: { usedBytes: 350 },
      temperatures: {},
    },
  ]);
});

it('tells nothing of an accelerator without figures, and takes anything', () => {
  expect(parse('+-o AGX  <class AGX>\n{\n}\n')).toEqual([]);
  fc.assert(
    fc.property(fc.nat({ max: answer.length }), fc.string(), (at, put) => {
      for (const { memory } of parse(answer.slice(0, at) + put + answer.slice(at)))
        if (memory.usedBytes !== undefined) expect(Number.isFinite(memory.usedBytes)).toBe(true);
    }),
  );
});
