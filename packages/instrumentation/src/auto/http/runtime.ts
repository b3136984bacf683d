/** Node's own modules, found when the application runs: browsers have none, and their bundlers shall see no import. */
const node = typeof process === 'undefined' ? undefined : process;

export const asyncHooks = node?.getBuiltinModule?.('node:async_hooks');
export const diagnosticsChannel = node?.getBuiltinModule?.('node:diagnostics_channel');
export const http = node?.getBuiltinModule?.('node:http');
export const zlib = node?.getBuiltinModule?.('node:zlib');
