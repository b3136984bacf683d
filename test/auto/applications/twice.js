// Registered from outside and once more by the application, through OpenTelemetry's own function.
import { driftlineInstrumentations } from '@driftline/instrumentation/auto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';

registerInstrumentations({ instrumentations: driftlineInstrumentations() });
await import('./service.js');
