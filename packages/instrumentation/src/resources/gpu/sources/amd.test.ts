import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpuMeasurements } from '../gpu-measurements.ts';
import { amdSmi } from './amd-smi.ts';
import { rocmSmi } from './rocm-smi.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`../../../../recorded/rocm-smi/${name}`, import.meta.url), 'utf8');

describe('rocm-smi, recorded answers', () => {
  const parse = (readings: string) => rocmSmi.parse({ readings, identities: '' });

  it('ROCm 6.0: two cards with ids of their own', () => {
    const cards = parse(recorded('mi100_rocm602.json'));
    expect(cards[0]).toMatchObject({
      id: '0x79ccd55167a2124a',
      name: 'Arcturus GL-XL [Instinct MI100]',
      vendor: 'AMD',
      utilization: { general: 0 },
      memory: { usedBytes: 6_750_208, limitBytes: 34_342_961_152 },
      temperatures: { core: 53, hotspot: 55, memory: 53 },
      powerWatts: 36,
    });
    expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length);
  });

  it('ROCm 5.7: cards without an id of their own are told apart by their place on the bus', () => {
    const cards = parse(recorded('mi100_rocm571.json'));
    expect(cards[0]).toMatchObject({ id: '0000:1E:00.0', driverVersion: '6.2.4' });
    expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length);
  });

  it('ROCm 4.3: numbers of a vendor are no name', () => {
    expect(parse(recorded('rx6700xt_rocm430.json'))).toMatchObject([{ name: undefined, powerWatts: 6 }]);
  });

  it('ROCm 6.1: a field that was renamed', () => {
    expect(parse(recorded('rx6700xt_rocm612.json'))).toMatchObject([
      { name: 'Navi 22 [Radeon RX 6700/6700 XT / 6800M]', driverVersion: '6.3.6' },
    ]);
  });

  it('takes warnings around it, and refuses what is none', () => {
    const noisy = `WARNING: AMD GPU device(s) is/are in a low-power state.\n${recorded('vega-10-XT.json')}\n`;
    expect(parse(noisy)).toMatchObject([{ id: '0x2150e7d042a1124' }]);
    expect(() => parse('ERROR:root:Driver not initialized (amdgpu not found in modules)')).toThrow(/no JSON/);
    expect(() => parse(recorded('vega-10-XT.json').slice(0, -9))).toThrow(/broken, or ends in the middle/);
  });
});

/** By hand, in the shapes of the tool's documentation and its issues: no recording has a licence to keep it here. */
describe('amd-smi', () => {
  const card = {
    gpu: 0,
    usage: { gfx_activity: { value: 42, unit: '%' }, mm_activity: 'N/A' },
    power: { socket_power: { value: 239, unit: 'W' }, throttle_status: 'UNTHROTTLED' },
    temperature: { edge: 'N/A', hotspot: { value: 36, unit: 'C' }, mem: { value: 48, unit: 'C' } },
    ecc: { total_correctable_count: 5, total_uncorrectable_count: 0 },
    energy: { total_energy_consumption: { value: 1234.5, unit: 'J' } },
    mem_usage: { total_vram: { value: 294_896, unit: 'MB' }, used_vram: { value: 283, unit: 'MB' } },
  };
  const identity = {
    gpu: 0,
    asic: { market_name: 'AMD Instinct MI355X', asic_serial: '0x79CCD55167A2124A' },
    bus: { bdf: '0000:05:00.0' },
    driver: { version: '6.16.6' },
  };

  it.each([
    ['a list, until ROCm 6', [card], [identity]],
    ['an object with a list, since', { gpu_data: [card] }, { gpu_data: [identity] }],
  ])('reads %s', (_, readings, identities) => {
    expect(amdSmi.parse({ readings: JSON.stringify(readings), identities: JSON.stringify(identities) })).toMatchObject([
      {
        id: '0x79CCD55167A2124A',
        name: 'AMD Instinct MI355X',
        driverVersion: '6.16.6',
        utilization: { general: 0.42 },
        memory: { usedBytes: 283 * 2 ** 20, limitBytes: 294_896 * 2 ** 20 },
        temperatures: { core: undefined, hotspot: 36, memory: 48 },
        powerWatts: 239,
        energyJoules: 1234.5,
        memoryErrors: { corrected: 5, uncorrected: 0 },
        throttle: { hardware: false },
      },
    ]);
  });

  it('reads a virtual function that is told nothing', () => {
    const nothing = { gpu: 3, usage: 'N/A', power: { socket_power: 'N/A', throttle_status: 'N/A' } };
    const [gpu] = amdSmi.parse({ readings: JSON.stringify([nothing]), identities: '' });
    expect(gpu).toMatchObject({ id: 'amd-3', utilization: { general: undefined }, throttle: {} });
  });

  it('takes any JSON, and no number from what is none', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom('N/A', '42 %', { value: 1e308, unit: 'MB' }, { gpu: 1 }));
    const any = fc.record({ gpu: fc.oneof(fc.nat(), odd), usage: odd, power: odd, mem_usage: odd, ecc: odd });
    fc.assert(
      fc.property(fc.array(any), odd, (gpus, identities) => {
        const answer = { readings: JSON.stringify(gpus), identities: JSON.stringify([identities]) };
        for (const { value } of amdSmi.parse(answer).flatMap(gpuMeasurements))
          expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });
});
