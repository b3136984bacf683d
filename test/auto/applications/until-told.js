// A service that runs until it is told to end, and does nothing about being told.
await import('./service.js');
setInterval(() => {}, 60_000);
process.kill(process.pid, 'SIGTERM');
