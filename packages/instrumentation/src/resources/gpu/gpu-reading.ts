export const throttleReasons = ['power_cap', 'power_brake', 'thermal', 'hardware'] as const;

export type ThrottleReason = (typeof throttleReasons)[number];

/** One GPU now. What a device or its tool does not tell is absent. */
export interface GpuReading {
  readonly id: string;
  readonly name?: string | undefined;
  readonly vendor: 'NVIDIA' | 'AMD' | 'Apple';
  readonly driverVersion?: string | undefined;
  /** It answers with errors, or fell off the bus. */
  readonly hasFailed?: boolean;
  /** 0 to 1. */
  readonly utilization: {
    readonly general?: number | undefined;
    readonly encoder?: number | undefined;
    readonly decoder?: number | undefined;
  };
  readonly memory: { readonly usedBytes?: number | undefined; readonly limitBytes?: number | undefined };
  readonly temperatures: {
    readonly core?: number | undefined;
    readonly hotspot?: number | undefined;
    readonly memory?: number | undefined;
  };
  readonly powerWatts?: number | undefined;
  readonly energyJoules?: number | undefined;
  readonly memoryErrors?:
    | { readonly corrected?: number | undefined; readonly uncorrected?: number | undefined }
    | undefined;
  readonly throttle?: Readonly<Partial<Record<ThrottleReason, boolean | undefined>>> | undefined;
  readonly processes?: readonly GpuProcess[];
}

export interface GpuProcess {
  readonly pid: number;
  readonly name: string;
  readonly memoryBytes: number;
}
