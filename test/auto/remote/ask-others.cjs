// Real client libraries against servers that answer in the documented formats.
const { observed } = require('./observed.cjs');
const { InvokeEndpointCommand, SageMakerRuntimeClient } = require('@aws-sdk/client-sagemaker-runtime');
const { PredictionServiceClient, helpers } = require('@google-cloud/aiplatform');
const grpc = require('@grpc/grpc-js');

const { MODEL_SERVER: server, GRPC_PORT: grpcPort } = process.env;
const headers = { 'content-type': 'application/json' };
const post = async (path, question) =>
  (await fetch(`${server}${path}`, { method: 'POST', headers, body: JSON.stringify(question) })).json();
const say = (client, answer) => console.log(JSON.stringify({ client, answer }));

async function askTensorFlowServing() {
  say(
    'rows',
    await post('/v1/models/fares/versions/2:predict', {
      instances: [
        [10, 1],
        [20, 2],
      ],
    }),
  );
  say('columns', await post('/v1/models/fares/versions/2:predict', { inputs: [[30, 3]] }));
  const examples = [
    { width: 3, colour: 'red' },
    { width: 4, colour: 'blue' },
  ];
  say('classify', await post('/v1/models/defects/labels/stable:classify', { examples }));
}

async function askSageMaker() {
  const client = new SageMakerRuntimeClient({
    region: 'eu-west-1',
    endpoint: server,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const ask = (EndpointName, Body, ContentType) =>
    client.send(new InvokeEndpointCommand({ EndpointName, Body, ContentType, TargetVariant: 'blue' }));
  const { Body } = await ask('churn', '12,3\n24,1\n', 'text/csv');
  say('csv', Buffer.from(Body).toString());
  await ask('broken', '{}', 'application/json').catch((error) => say('refused', error.name));
}

async function askVertex() {
  const client = new PredictionServiceClient({
    apiEndpoint: '127.0.0.1',
    port: Number(grpcPort),
    sslCreds: grpc.credentials.createInsecure(),
  });
  const endpoint = 'projects/insurance/locations/europe-west1/endpoints/4711';
  const instances = [
    { amount: 100, region: 'north' },
    { amount: 200, region: 'south' },
  ].map((one) => helpers.toValue(one));
  const [answer] = await client.predict({ endpoint, instances });
  say('vertex', answer.predictions.map(helpers.fromValue));
  await client.predict({ endpoint, instances: [] }, { retry: null }).catch(({ code }) => say('refused', code));
  await client.close();
}

observed(async () => {
  await askTensorFlowServing();
  await askSageMaker();
  await askVertex();
});
