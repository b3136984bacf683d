export const METRIC_ML_PREDICTION_DURATION = 'ml.prediction.duration';
export const METRIC_ML_CLIENT_PREDICTION_DURATION = 'ml.client.prediction.duration';
export const METRIC_ML_PREDICTION_ACTIVE = 'ml.prediction.active';
export const METRIC_ML_PREDICTION_ROWS = 'ml.prediction.rows';

export const METRIC_ML_FEATURE_VALUE = 'ml.feature.value';
export const METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS = 'ml.feature.category.observations';
export const METRIC_ML_FEATURE_OBSERVATIONS = 'ml.feature.observations';
export const METRIC_ML_FEATURE_DISTINCT = 'ml.feature.distinct';
export const METRIC_ML_FEATURE_ROWS = 'ml.feature.rows';
export const METRIC_ML_FEATURE_VIOLATIONS = 'ml.feature.violations';
export const METRIC_ML_OUTPUT_VALUE = 'ml.output.value';
export const METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS = 'ml.output.category.observations';
export const METRIC_ML_OUTPUT_OBSERVATIONS = 'ml.output.observations';
export const METRIC_ML_SECURITY_OBSERVATIONS = 'ml.security.observations';

export const METRIC_ML_DRIFT_SCORE = 'ml.drift.score';
export const METRIC_ML_DRIFT_DETECTABLE_SIZE = 'ml.drift.detectable_size';
export const METRIC_ML_DRIFT_THRESHOLD = 'ml.drift.threshold';
export const METRIC_ML_DRIFT_P_VALUE = 'ml.drift.p_value';
export const METRIC_ML_DRIFT_STATUS = 'ml.drift.status';
export const METRIC_ML_DRIFT_FEATURE_RATIO = 'ml.drift.feature.ratio';
export const METRIC_ML_DATA_QUALITY_VIOLATION_RATIO = 'ml.data_quality.violation.ratio';
export const METRIC_ML_PERFORMANCE_VALUE = 'ml.performance.value';
export const METRIC_ML_PERFORMANCE_LOWER_BOUND = 'ml.performance.lower_bound';
export const METRIC_ML_PERFORMANCE_UPPER_BOUND = 'ml.performance.upper_bound';
export const METRIC_ML_SECURITY_DETECTIONS = 'ml.security.detections';
export const METRIC_ML_CONCEPT_DRIFT_DETECTIONS = 'ml.concept_drift.detections';
export const METRIC_DRIFTLINE_WINDOW_ROWS = 'driftline.window.rows';
export const METRIC_DRIFTLINE_WINDOW_LAG = 'driftline.window.lag';
export const METRIC_DRIFTLINE_WINDOW_LATE_ROWS = 'driftline.window.late_rows';
export const METRIC_DRIFTLINE_REFERENCE_AGE = 'driftline.reference.age';
export const METRIC_DRIFTLINE_ALERT_STATUS = 'driftline.alert.status';

export const METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS = 'driftline.instrumentation.errors';
export const METRIC_DRIFTLINE_INSTRUMENTATION_DROPPED_ROWS = 'driftline.instrumentation.dropped_rows';
export const METRIC_DRIFTLINE_HEALTH_STATUS = 'driftline.health.status';
export const METRIC_DRIFTLINE_HEALTH_TEST_STATUS = 'driftline.health.test.status';
export const METRIC_DRIFTLINE_HEALTH_TEST_VALUE = 'driftline.health.test.value';
export const METRIC_DRIFTLINE_HEALTH_TEST_LOWER_BOUND = 'driftline.health.test.lower_bound';
export const METRIC_DRIFTLINE_HEALTH_TEST_UPPER_BOUND = 'driftline.health.test.upper_bound';
export const METRIC_DRIFTLINE_HEALTH_TEST_LIMIT = 'driftline.health.test.limit';
export const METRIC_DRIFTLINE_INGEST_REQUESTS = 'driftline.ingest.requests';
export const METRIC_DRIFTLINE_INGEST_POINTS = 'driftline.ingest.points';
export const METRIC_DRIFTLINE_INGEST_GAPS = 'driftline.ingest.gaps';
export const METRIC_DRIFTLINE_INGEST_COARSE = 'driftline.ingest.coarse';
export const METRIC_DRIFTLINE_STORE_DEGRADED = 'driftline.store.degraded';
export const METRIC_DRIFTLINE_EVALUATION_FAILED = 'driftline.evaluation.failed';
export const METRIC_DRIFTLINE_PUBLISH_CAPPED_SERIES = 'driftline.publish.capped_series';
export const METRIC_DRIFTLINE_ALERT_DELIVERIES = 'driftline.alert.deliveries';

/* Of the machine beside the model: OpenTelemetry's names where there are any. */
export const METRIC_SYSTEM_CPU_UTILIZATION = 'system.cpu.utilization';
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M = 'system.cpu.load_average.1m';
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M = 'system.cpu.load_average.5m';
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M = 'system.cpu.load_average.15m';
export const METRIC_SYSTEM_MEMORY_UTILIZATION = 'system.memory.utilization';
export const METRIC_SYSTEM_FILESYSTEM_USAGE = 'system.filesystem.usage';
export const METRIC_SYSTEM_FILESYSTEM_LIMIT = 'system.filesystem.limit';
export const METRIC_SYSTEM_FILESYSTEM_UTILIZATION = 'system.filesystem.utilization';
export const METRIC_SYSTEM_DISK_IO = 'system.disk.io';
export const METRIC_SYSTEM_DISK_OPERATIONS = 'system.disk.operations';
export const METRIC_SYSTEM_DISK_IO_TIME = 'system.disk.io_time';
export const METRIC_SYSTEM_DISK_OPERATION_TIME = 'system.disk.operation_time';
export const METRIC_SYSTEM_PAGING_USAGE = 'system.paging.usage';
export const METRIC_SYSTEM_PAGING_UTILIZATION = 'system.paging.utilization';
export const METRIC_SYSTEM_PAGING_FAULTS = 'system.paging.faults';
export const METRIC_SYSTEM_PAGING_OPERATIONS = 'system.paging.operations';

export const METRIC_PROCESS_CPU_UTILIZATION = 'process.cpu.utilization';
export const METRIC_PROCESS_MEMORY_USAGE = 'process.memory.usage';
export const METRIC_PROCESS_UPTIME = 'process.uptime';
export const METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT = 'process.unix.file_descriptor.count';
export const METRIC_PROCESS_THREAD_COUNT = 'process.thread.count';
export const METRIC_PROCESS_CONTEXT_SWITCHES = 'process.context_switches';
export const METRIC_PROCESS_PAGING_FAULTS = 'process.paging.faults';

export const METRIC_NODEJS_EVENTLOOP_DELAY_MIN = 'nodejs.eventloop.delay.min';
export const METRIC_NODEJS_EVENTLOOP_DELAY_MAX = 'nodejs.eventloop.delay.max';
export const METRIC_NODEJS_EVENTLOOP_DELAY_MEAN = 'nodejs.eventloop.delay.mean';
export const METRIC_NODEJS_EVENTLOOP_DELAY_STDDEV = 'nodejs.eventloop.delay.stddev';
export const METRIC_NODEJS_EVENTLOOP_DELAY_P50 = 'nodejs.eventloop.delay.p50';
export const METRIC_NODEJS_EVENTLOOP_DELAY_P90 = 'nodejs.eventloop.delay.p90';
export const METRIC_NODEJS_EVENTLOOP_DELAY_P99 = 'nodejs.eventloop.delay.p99';
export const METRIC_NODEJS_EVENTLOOP_TIME = 'nodejs.eventloop.time';
export const METRIC_NODEJS_EVENTLOOP_UTILIZATION = 'nodejs.eventloop.utilization';
export const METRIC_V8JS_MEMORY_HEAP_USED = 'v8js.memory.heap.used';
export const METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE = 'v8js.memory.heap.space.size';
export const METRIC_V8JS_GC_DURATION = 'v8js.gc.duration';

export const METRIC_CONTAINER_CPU_TIME = 'container.cpu.time';
export const METRIC_CONTAINER_CPU_USAGE = 'container.cpu.usage';
export const METRIC_CONTAINER_MEMORY_USAGE = 'container.memory.usage';
export const METRIC_CONTAINER_MEMORY_WORKING_SET = 'container.memory.working_set';
export const METRIC_CONTAINER_MEMORY_RSS = 'container.memory.rss';
export const METRIC_CONTAINER_MEMORY_AVAILABLE = 'container.memory.available';
export const METRIC_CONTAINER_PAGING_FAULTS = 'container.paging.faults';
export const METRIC_DRIFTLINE_CONTAINER_CPU_LIMIT = 'driftline.container.cpu.limit';
export const METRIC_DRIFTLINE_CONTAINER_CPU_THROTTLED_TIME = 'driftline.container.cpu.throttled_time';
export const METRIC_DRIFTLINE_CONTAINER_MEMORY_LIMIT = 'driftline.container.memory.limit';
export const METRIC_DRIFTLINE_CONTAINER_MEMORY_UTILIZATION = 'driftline.container.memory.utilization';

export const METRIC_HW_GPU_UTILIZATION = 'hw.gpu.utilization';
export const METRIC_HW_GPU_MEMORY_USAGE = 'hw.gpu.memory.usage';
export const METRIC_HW_GPU_MEMORY_LIMIT = 'hw.gpu.memory.limit';
export const METRIC_HW_GPU_MEMORY_UTILIZATION = 'hw.gpu.memory.utilization';
export const METRIC_HW_TEMPERATURE = 'hw.temperature';
export const METRIC_HW_POWER = 'hw.power';
export const METRIC_HW_ENERGY = 'hw.energy';
export const METRIC_HW_ERRORS = 'hw.errors';
export const METRIC_HW_STATUS = 'hw.status';
export const METRIC_DRIFTLINE_GPU_THROTTLE_STATUS = 'driftline.gpu.throttle.status';
export const METRIC_DRIFTLINE_GPU_PROCESS_MEMORY_USAGE = 'driftline.gpu.process.memory.usage';

/** Seconds: a tree answers in 0.1 ms, a remote language model in half a minute. */
export const PREDICTION_DURATION_BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/** Seconds, as OpenTelemetry's convention advises for `v8js.gc.duration`. */
export const GC_DURATION_BOUNDS = [0.01, 0.1, 1, 10] as const;
