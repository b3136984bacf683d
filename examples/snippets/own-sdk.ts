import { startDriftline } from '@driftline/instrumentation';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();

export const driftline = startDriftline(); // sees the registered providers and leaves them alone
