import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpuMeasurements } from '../gpu-measurements.ts';
import { nvidiaSmi } from './nvidia-smi.ts';

const folder = new URL('../../../../recorded/nvidia-smi/', import.meta.url);
const recordings = readdirSync(folder);
const recorded = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const parse = (readings: string) => nvidiaSmi.parse({ readings, identities: '' });

const MEBIBYTE = 2 ** 20;

describe('recorded answers of real drivers, read by eye', () => {
  it('418.43: throttle reasons under their first name, a card that knows no power', () => {
    expect(parse(recorded('quadro-p400.xml'))).toMatchObject([
      {
        id: 'GPU-8f750be4-dfbc-23b9-b33f-da729a536494',
        name: 'Quadro P400',
        driverVersion: '418.43',
        utilization: { general: 0, encoder: 0, decoder: 0 },
        memory: { usedBytes: 0, limitBytes: 1998 * MEBIBYTE },
        temperatures: { core: 33, memory: undefined },
        powerWatts: undefined,
        memoryErrors: { corrected: undefined, uncorrected: undefined },
        throttle: { power_cap: false, power_brake: false, thermal: false, hardware: false },
      },
    ]);
  });

  it('515.105: ECC counts by where, memory of processes', () => {
    expect(parse(recorded('tesla-t4.xml'))).toMatchObject([
      {
        id: 'GPU-d37e67a5-91dd-3774-a5cb-99096249601a',
        memory: { usedBytes: 1032 * MEBIBYTE, limitBytes: 15360 * MEBIBYTE },
        powerWatts: 26.78,
        memoryErrors: { corrected: 0, uncorrected: 0 },
        processes: [
          { pid: 675, name: 'Xorg', memoryBytes: 22 * MEBIBYTE },
          { pid: 5762, name: 'python', memoryBytes: 1005 * MEBIBYTE },
        ],
      },
    ]);
  });

  it('535.54: event reasons and power under new names; split into instances (MIG), utilization is not available', () => {
    expect(parse(recorded('a100-sxm4-v12.xml'))).toMatchObject([
      {
        name: 'NVIDIA A100-SXM4-80GB',
        utilization: { general: undefined },
        temperatures: { core: 27, memory: 44 },
        powerWatts: 67.03,
        throttle: { power_cap: false, thermal: false },
      },
    ]);
  });

  it('536.40: command lines of processes lose their folders and arguments', () => {
    const [gpu] = parse(recorded('rtx-3080-v12.xml'));
    expect(gpu?.processes?.map(({ name }) => name)).toEqual(['Xorg', 'gnome-shell', 'msedge', 'firefox', 'code']);
  });

  it('595.84: average and momentary power, uncorrectable errors split in two, deprecated fields in words', () => {
    expect(parse(recorded('rtx-4000-sff-ada-v13.xml'))).toMatchObject([
      {
        driverVersion: '595.84',
        memory: { usedBytes: 3534 * MEBIBYTE, limitBytes: 20475 * MEBIBYTE },
        powerWatts: 8.81,
        memoryErrors: { corrected: undefined, uncorrected: undefined },
      },
    ]);
  });

  it.each(recordings)('%s: every GPU has an id, a name and memory', (name) => {
    const gpus = parse(recorded(name));
    expect(gpus.length).toBeGreaterThan(0);
    for (const gpu of gpus) {
      expect(gpu.id).toMatch(/^GPU-/);
      expect(gpu.name).not.toBe('');
      expect(gpu.memory.limitBytes).toBeGreaterThan(0);
    }
  });
});

describe('what no recording shows', () => {
  const gpu = (inside: string) =>
    parse(`<nvidia_smi_log><gpu id="1"><uuid>GPU-1</uuid>${inside}</gpu></nvidia_smi_log>`)[0];

  it('ECC errors are summed over their kinds, and absent ones are not 0', () => {
    const counts = (inside: string) => gpu(`<ecc_errors><volatile>${inside}</volatile></ecc_errors>`)?.memoryErrors;
    expect(counts('<sram_correctable>1</sram_correctable><dram_correctable>20</dram_correctable>')).toEqual({
      corrected: 21,
      uncorrected: undefined,
    });
    expect(
      counts(
        '<sram_uncorrectable_parity>1</sram_uncorrectable_parity><sram_uncorrectable_secded>2</sram_uncorrectable_secded><dram_uncorrectable>[N/A]</dram_uncorrectable>',
      ),
    ).toEqual({ corrected: undefined, uncorrected: 3 });
    expect(counts('<single_bit><total>7</total></single_bit><double_bit><total>8</total></double_bit>')).toEqual({
      corrected: 7,
      uncorrected: 8,
    });
  });

  it('a hot GPU is degraded, one at its power cap is not, one that answers ERR! has failed', () => {
    const state = (inside: string) => {
      const reading = gpu(inside);
      const states = reading === undefined ? [] : gpuMeasurements(reading);
      return states.find(({ metric, value }) => metric === 'hw.status' && value === 1)?.attributes?.['hw.state'];
    };
    const reasons = (name: string) =>
      `<clocks_event_reasons><clocks_event_reason_${name}>Active</clocks_event_reason_${name}></clocks_event_reasons>`;
    expect(state(reasons('sw_thermal_slowdown'))).toBe('degraded');
    expect(state(reasons('hw_power_brake_slowdown'))).toBe('degraded');
    expect(state(reasons('sw_power_cap'))).toBe('ok');
    expect(state('<utilization><gpu_util>ERR!</gpu_util></utilization>')).toBe('failed');
    expect(state('<temperature><gpu_temp>GPU is lost</gpu_temp></temperature>')).toBe('failed');
  });

  it('a process on two engines counts once, and only the sixteen greatest are told', () => {
    const process = (pid: number, memory: number) =>
      `<process_info><pid>${pid}</pid><process_name>C:\\Program Files\\model server.exe --key=secret</process_name><used_memory>${memory} MiB</used_memory></process_info>`;
    const many = Array.from({ length: 40 }, (_, index) => process(index, index)).join('');
    const reading = gpu(`<processes>${many}${process(39, 100)}</processes>`);
    const told = (reading === undefined ? [] : gpuMeasurements(reading)).filter(({ metric }) =>
      metric.includes('process'),
    );
    expect(told).toHaveLength(16);
    expect(told[0]).toMatchObject({
      value: 139 * MEBIBYTE,
      attributes: { 'process.pid': 39, 'process.executable.name': 'model server.exe' },
    });
  });
});

describe('an answer that is none', () => {
  const whole = recorded('tesla-t4.xml');

  it.each([
    ['nothing', ''],
    ['words', 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'],
    ['CSV', 'name, uuid\nTesla T4, GPU-1'],
    ['tags out of order', '<a><b></a></b>'],
    ['tags without end', '<a>'.repeat(100_000)],
  ])('%s: says so', (_, text) => {
    expect(() => parse(text)).toThrow(/^its XML /);
  });

  it('cut anywhere: says so, and half a machine is never told', () => {
    const end = whole.lastIndexOf('</nvidia_smi_log>');
    fc.assert(
      fc.property(fc.nat({ max: end + 16 }), (length) => {
        expect(() => parse(whole.slice(0, length))).toThrow(/^its XML /);
      }),
    );
  });

  it('changed anywhere: an error, or numbers that are some', () => {
    const odd = fc.oneof(fc.string(), fc.constantFrom('[N/A]', 'ERR!', '<', '</gpu>', '\uFFFD', '1e999', '-1'));
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), fc.nat({ max: 30 }), odd, (at, removed, put) => {
        const text = whole.slice(0, at) + put + whole.slice(at + removed);
        for (const { value } of gpusOrNone(text)) expect(Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  function gpusOrNone(text: string) {
    try {
      return parse(text).flatMap(gpuMeasurements);
    } catch (error) {
      expect(String(error)).toMatch(/its XML /);
      return [];
    }
  }
});
