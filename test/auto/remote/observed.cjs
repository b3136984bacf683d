// An application's own OpenTelemetry set-up, with our instrumentations beside those of HTTP, or without these.
const { startDriftline } = require('@driftline/instrumentation');
const { driftlineInstrumentations } = require('@driftline/instrumentation/auto');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici');
const { NodeSDK } = require('@opentelemetry/sdk-node');

const ours = () =>
  driftlineInstrumentations({
    models: [
      { match: 'hiring', binding: { input: 'X', columns: ['age', 'hours'], score: 'predict_proba[1]' } },
      { match: 'fares', binding: { input: 'inputs', columns: ['distance', 'hour'], value: 'outputs' } },
      { match: 'churn', binding: { input: 'inputs', columns: ['months', 'calls'], score: 'outputs[0]' } },
      { match: 'defects', prediction: ({ predictions }) => predictions },
      { match: 'claims' },
      { match: '4711', name: 'claims' },
    ],
  });
const ofHttp = () => [new HttpInstrumentation(), new UndiciInstrumentation()];
const orders = {
  alone: () => ours(),
  'before those of HTTP': () => [...ours(), ...ofHttp()],
  'after those of HTTP': () => [...ofHttp(), ...ours()],
};

exports.observed = async (run) => {
  const instrumentations = orders[process.env.ORDER ?? 'alone']();
  const sdk = new NodeSDK({ serviceName: 'hiring-api', instrumentations });
  sdk.start();
  const driftline = startDriftline();
  await run();
  await driftline.shutdown();
  await sdk.shutdown();
};
