import * as attribute from './attributes.ts';
import { counter, gauge, histogram, type MetricDefinitions, upDownCounter } from './metric-definition.ts';
import * as metric from './metrics.ts';

const byMount = {
  [attribute.ATTR_SYSTEM_DEVICE]: 'required',
  [attribute.ATTR_SYSTEM_FILESYSTEM_MOUNTPOINT]: 'required',
  [attribute.ATTR_SYSTEM_FILESYSTEM_TYPE]: 'recommended',
} as const;

const byDisk = { [attribute.ATTR_SYSTEM_DEVICE]: 'required' } as const;
const byDiskAndDirection = { ...byDisk, [attribute.ATTR_DISK_IO_DIRECTION]: 'required' } as const;
const byFaultType = { [attribute.ATTR_SYSTEM_PAGING_FAULT_TYPE]: 'required' } as const;
const byHeapSpace = { [attribute.ATTR_V8JS_HEAP_SPACE_NAME]: 'required' } as const;

const byGpu = {
  [attribute.ATTR_HW_ID]: 'required',
  [attribute.ATTR_HW_TYPE]: 'required',
  [attribute.ATTR_HW_NAME]: 'recommended',
  [attribute.ATTR_HW_VENDOR]: 'recommended',
  [attribute.ATTR_HW_DRIVER_VERSION]: 'conditional',
} as const;

/** Of the machine beside the model: to its owner's backend; some also to the drift service. */
export const resourceMetrics = {
  [metric.METRIC_SYSTEM_CPU_UTILIZATION]: gauge('1', 'Share of all CPUs that is busy.', {
    [attribute.ATTR_CPU_MODE]: 'conditional',
  }),
  [metric.METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M]: gauge(
    '{thread}',
    'Threads that ran or waited to run, over 1 minute.',
    {},
  ),
  [metric.METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M]: gauge(
    '{thread}',
    'Threads that ran or waited to run, over 5 minutes.',
    {},
  ),
  [metric.METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M]: gauge(
    '{thread}',
    'Threads that ran or waited to run, over 15 minutes.',
    {},
  ),
  [metric.METRIC_SYSTEM_MEMORY_UTILIZATION]: gauge('1', "Share of the host's memory.", {
    [attribute.ATTR_SYSTEM_MEMORY_STATE]: 'required',
  }),
  [metric.METRIC_SYSTEM_FILESYSTEM_USAGE]: upDownCounter('By', 'Space of a filesystem by what became of it.', {
    ...byMount,
    [attribute.ATTR_SYSTEM_FILESYSTEM_STATE]: 'required',
  }),
  [metric.METRIC_SYSTEM_FILESYSTEM_LIMIT]: upDownCounter('By', 'Size of a filesystem.', byMount),
  [metric.METRIC_SYSTEM_FILESYSTEM_UTILIZATION]: gauge('1', 'Share in use of what users may use.', byMount),
  [metric.METRIC_SYSTEM_DISK_IO]: counter('By', 'Bytes read from and written to a disk.', byDiskAndDirection),
  [metric.METRIC_SYSTEM_DISK_OPERATIONS]: counter(
    '{operation}',
    'Reads and writes a disk completed.',
    byDiskAndDirection,
  ),
  [metric.METRIC_SYSTEM_DISK_IO_TIME]: counter('s', 'Time a disk was busy.', byDisk),
  [metric.METRIC_SYSTEM_DISK_OPERATION_TIME]: counter(
    's',
    'Time that reads and writes took, summed.',
    byDiskAndDirection,
  ),
  [metric.METRIC_SYSTEM_PAGING_USAGE]: upDownCounter('By', 'Swap space.', {
    [attribute.ATTR_SYSTEM_PAGING_STATE]: 'required',
  }),
  [metric.METRIC_SYSTEM_PAGING_UTILIZATION]: gauge('1', 'Share of the swap space.', {
    [attribute.ATTR_SYSTEM_PAGING_STATE]: 'required',
  }),
  [metric.METRIC_SYSTEM_PAGING_FAULTS]: counter('{fault}', 'Page faults of the host.', byFaultType),
  [metric.METRIC_SYSTEM_PAGING_OPERATIONS]: counter('{operation}', 'Pages moved between memory and swap.', {
    [attribute.ATTR_SYSTEM_PAGING_DIRECTION]: 'required',
  }),
  [metric.METRIC_PROCESS_CPU_UTILIZATION]: gauge('1', 'Share of all CPUs that the process uses.', {
    [attribute.ATTR_CPU_MODE]: 'conditional',
  }),
  [metric.METRIC_PROCESS_MEMORY_USAGE]: upDownCounter('By', 'Physical memory of the process.', {}),
  [metric.METRIC_PROCESS_UPTIME]: gauge('s', 'Since the process began.', {}),
  [metric.METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT]: upDownCounter(
    '{file_descriptor}',
    'Files and sockets the process has open.',
    {},
  ),
  [metric.METRIC_PROCESS_THREAD_COUNT]: upDownCounter(
    '{thread}',
    'Threads of the process, native ones among them.',
    {},
  ),
  [metric.METRIC_PROCESS_CONTEXT_SWITCHES]: counter('{context_switch}', 'Context switches of the process.', {
    [attribute.ATTR_PROCESS_CONTEXT_SWITCH_TYPE]: 'required',
  }),
  [metric.METRIC_PROCESS_PAGING_FAULTS]: counter('{fault}', 'Page faults of the process.', byFaultType),
  [metric.METRIC_NODEJS_EVENTLOOP_DELAY_MIN]: gauge(
    's',
    'The least delay of the event loop since the last collection.',
    {},
  ),
  [metric.METRIC_NODEJS_EVENTLOOP_DELAY_MAX]: gauge('s', 'The greatest delay of the event loop.', {}),
  [metric.METRIC_NODEJS_EVENTLOOP_DELAY_MEAN]: gauge('s', 'The mean delay of the event loop.', {}),
  [metric.METRIC_NODEJS_EVENTLOOP_DELAY_STDDEV]: gauge('s', "The standard deviation of the event loop's delay.", {}),
  [metric.METRIC_NODEJS_EVENTLOOP_DELAY_P50]: gauge('s', "The median of the event loop's delay.", {}),
  [metric.METRIC_NODEJS_EVENTLOOP_DELAY_P90]: gauge('s', "The 90th percentile of the event loop's delay.", {}),
  [metric.METRIC_NODEJS_EVENTLOOP_DELAY_P99]: gauge('s', "The 99th percentile of the event loop's delay.", {}),
  [metric.METRIC_NODEJS_EVENTLOOP_TIME]: counter('s', 'Time the event loop spent.', {
    [attribute.ATTR_NODEJS_EVENTLOOP_STATE]: 'required',
  }),
  [metric.METRIC_NODEJS_EVENTLOOP_UTILIZATION]: gauge('1', 'Share of time the event loop was active.', {}),
  [metric.METRIC_V8JS_MEMORY_HEAP_USED]: upDownCounter('By', 'Memory in use in a space of the heap.', byHeapSpace),
  [metric.METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE]: upDownCounter(
    'By',
    'Memory reserved for a space of the heap.',
    byHeapSpace,
  ),
  [metric.METRIC_V8JS_GC_DURATION]: {
    ...histogram('s', 'Duration of garbage collections.', { [attribute.ATTR_V8JS_GC_TYPE]: 'required' }),
    bounds: metric.GC_DURATION_BOUNDS,
  },
  [metric.METRIC_CONTAINER_CPU_TIME]: counter('s', 'CPU time of the container.', {
    [attribute.ATTR_CPU_MODE]: 'required',
  }),
  [metric.METRIC_CONTAINER_CPU_USAGE]: gauge('{cpu}', 'CPUs the container kept busy since the last collection.', {}),
  [metric.METRIC_CONTAINER_MEMORY_USAGE]: upDownCounter('By', 'Memory of the container, file cache included.', {}),
  [metric.METRIC_CONTAINER_MEMORY_WORKING_SET]: upDownCounter('By', 'Its memory without file cache that could go.', {}),
  [metric.METRIC_CONTAINER_MEMORY_RSS]: upDownCounter('By', 'Its anonymous memory.', {}),
  [metric.METRIC_CONTAINER_MEMORY_AVAILABLE]: upDownCounter('By', 'Its limit without its working set.', {}),
  [metric.METRIC_CONTAINER_PAGING_FAULTS]: counter('{fault}', 'Page faults of the container.', byFaultType),
  [metric.METRIC_DRIFTLINE_CONTAINER_CPU_LIMIT]: upDownCounter('{cpu}', 'CPUs the container may use.', {}),
  [metric.METRIC_DRIFTLINE_CONTAINER_CPU_THROTTLED_TIME]: counter(
    's',
    'Time the container had to wait at that limit.',
    {},
  ),
  [metric.METRIC_DRIFTLINE_CONTAINER_MEMORY_LIMIT]: upDownCounter('By', 'Memory the container may use.', {}),
  [metric.METRIC_DRIFTLINE_CONTAINER_MEMORY_UTILIZATION]: gauge('1', 'Working set as a share of that limit.', {}),
  [metric.METRIC_HW_GPU_UTILIZATION]: gauge('1', 'Share of time the GPU was busy.', {
    ...byGpu,
    [attribute.ATTR_HW_GPU_TASK]: 'required',
  }),
  [metric.METRIC_HW_GPU_MEMORY_USAGE]: upDownCounter('By', 'GPU memory in use.', byGpu),
  [metric.METRIC_HW_GPU_MEMORY_LIMIT]: upDownCounter('By', 'GPU memory there is.', byGpu),
  [metric.METRIC_HW_GPU_MEMORY_UTILIZATION]: gauge('1', 'Share of GPU memory in use.', byGpu),
  [metric.METRIC_HW_TEMPERATURE]: gauge('Cel', 'Temperature.', {
    ...byGpu,
    [attribute.ATTR_HW_SENSOR_LOCATION]: 'required',
  }),
  [metric.METRIC_HW_POWER]: gauge('W', 'Power drawn.', byGpu),
  [metric.METRIC_HW_ENERGY]: counter('J', 'Energy used since the driver began to count.', byGpu),
  [metric.METRIC_HW_ERRORS]: counter('{error}', 'Memory errors since the driver began to count.', {
    ...byGpu,
    [attribute.ATTR_ERROR_TYPE]: 'required',
  }),
  [metric.METRIC_HW_STATUS]: upDownCounter('1', '1 for the state the GPU is in, 0 for the others.', {
    ...byGpu,
    [attribute.ATTR_HW_STATE]: 'required',
  }),
  [metric.METRIC_DRIFTLINE_GPU_THROTTLE_STATUS]: upDownCounter('1', '1 while something slows the GPU down.', {
    ...byGpu,
    [attribute.ATTR_DRIFTLINE_GPU_THROTTLE_REASON]: 'required',
  }),
  [metric.METRIC_DRIFTLINE_GPU_PROCESS_MEMORY_USAGE]: upDownCounter('By', 'GPU memory of one process.', {
    ...byGpu,
    [attribute.ATTR_PROCESS_PID]: 'required',
    [attribute.ATTR_PROCESS_EXECUTABLE_NAME]: 'recommended',
  }),
} as const satisfies MetricDefinitions;

export type ResourceMetricName = keyof typeof resourceMetrics;
