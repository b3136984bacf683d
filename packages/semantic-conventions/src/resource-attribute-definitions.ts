import * as attribute from './attributes.ts';

export const resourceAttributes = {
  [attribute.ATTR_CPU_MODE]: inDevelopment('string', '`user` or `system`; none for both together.'),
  [attribute.ATTR_DISK_IO_DIRECTION]: inDevelopment('string', '`read` or `write`.'),
  [attribute.ATTR_HW_DRIVER_VERSION]: inDevelopment('string', "The driver's version."),
  [attribute.ATTR_HW_GPU_TASK]: inDevelopment('string', '`general`, `encoder` or `decoder`.'),
  [attribute.ATTR_HW_ID]: inDevelopment(
    'string',
    "The device's own id: its UUID where it has one, else its address on the bus.",
  ),
  [attribute.ATTR_HW_NAME]: inDevelopment('string', 'What the vendor calls it.'),
  [attribute.ATTR_HW_SENSOR_LOCATION]: inDevelopment('string', '`core`, `hotspot` or `memory`.'),
  [attribute.ATTR_HW_STATE]: inDevelopment('string', '`ok`, `degraded` (slowed down by heat or power) or `failed`.'),
  [attribute.ATTR_HW_TYPE]: inDevelopment('string', '`gpu`.'),
  [attribute.ATTR_HW_VENDOR]: inDevelopment('string', '`NVIDIA`, `AMD` or `Apple`.'),
  [attribute.ATTR_NODEJS_EVENTLOOP_STATE]: inDevelopment('string', '`active` or `idle`.'),
  [attribute.ATTR_PROCESS_CONTEXT_SWITCH_TYPE]: inDevelopment('string', '`voluntary` or `involuntary`.'),
  [attribute.ATTR_PROCESS_EXECUTABLE_NAME]: inDevelopment('string', 'The program, without folder and arguments.'),
  [attribute.ATTR_PROCESS_PID]: inDevelopment('int', 'As the driver numbers processes: outside of containers.'),
  [attribute.ATTR_SYSTEM_DEVICE]: inDevelopment('string', '`sda`, `/dev/nvme0n1p2`, ...'),
  [attribute.ATTR_SYSTEM_FILESYSTEM_MOUNTPOINT]: inDevelopment('string', 'Where it is mounted.'),
  [attribute.ATTR_SYSTEM_FILESYSTEM_STATE]: inDevelopment('string', '`used`, `free` or `reserved` (for root).'),
  [attribute.ATTR_SYSTEM_FILESYSTEM_TYPE]: inDevelopment('string', '`ext4`, `xfs`, `overlay`, ...'),
  [attribute.ATTR_SYSTEM_MEMORY_STATE]: inDevelopment('string', '`used`.'),
  [attribute.ATTR_SYSTEM_PAGING_DIRECTION]: inDevelopment('string', '`in` from swap or `out` to it.'),
  [attribute.ATTR_SYSTEM_PAGING_FAULT_TYPE]: inDevelopment('string', '`minor`, or `major`: the disk had to be read.'),
  [attribute.ATTR_SYSTEM_PAGING_STATE]: inDevelopment('string', '`used` or `free`.'),
  [attribute.ATTR_V8JS_GC_TYPE]: inDevelopment('string', '`minor`, `major`, `incremental` or `weakcb`.'),
  [attribute.ATTR_V8JS_HEAP_SPACE_NAME]: inDevelopment('string', '`old_space`, `new_space`, ...'),
  [attribute.ATTR_DRIFTLINE_GPU_THROTTLE_REASON]: inDevelopment(
    'string',
    '`power_cap`, `power_brake`, `thermal` or `hardware`.',
  ),
} as const;

function inDevelopment<const Type extends 'string' | 'int'>(type: Type, brief: string) {
  return { type, brief, stability: 'development' } as const;
}
