import { imageTensorFeatures, OnnxRuntimeInstrumentation } from '@driftline/instrumentation/auto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';

registerInstrumentations({
  instrumentations: [
    new OnnxRuntimeInstrumentation({
      models: [
        {
          match: 'defects.onnx',
          features: ({ tensors }) => (tensors?.['pixels'] ? imageTensorFeatures('pixels', tensors['pixels']) : []),
          prediction: ({ tensors }) =>
            Array.from(tensors?.['defect']?.data ?? [], (score) => ({ score: Number(score) })),
        },
      ],
    }),
  ],
});
