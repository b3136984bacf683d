import { monitorModel, textFeatures } from '@driftline/instrumentation';
import { pipeline } from './your-service.ts';

export const classify = monitorModel({ name: 'sentiment', version: '2', task: 'binary' }).wrap(
  await pipeline('text-classification'),
  {
    features: (text) => textFeatures(text), // length, words, script, language; never the text
    prediction: ([top]) => ({ class: top.label, score: top.score }),
  },
);
