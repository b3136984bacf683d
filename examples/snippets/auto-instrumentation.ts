import { driftlineInstrumentations } from '@driftline/instrumentation/auto';
import { startDriftline } from '@driftline/instrumentation';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({
  instrumentations: driftlineInstrumentations({
    models: [
      { match: 'fraud.onnx', version: '7', binding: { input: 'X', columns: ['amount', 'age'], score: 'p[1]' } },
      { match: /warm-up/, ignore: true },
    ],
  }),
});
sdk.start();
export const driftline = startDriftline();
