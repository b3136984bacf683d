import { once } from 'node:events';
import { startExample } from './example.ts';

await using example = await startExample({ port: 3750 });
process.stdout.write(`Draw a digit: ${example.url}\nThe drift service: ${example.driftService}\nCtrl-C ends both.\n`);
await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
