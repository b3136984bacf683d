// Real client libraries, and requests in the documented formats. Written are the answers and the traces that servers saw.
import { documentedServers } from './documented-servers.cjs';

export async function askEachDocumented({ sagemaker, aiplatform, grpc }) {
  const servers = await documentedServers((client, traceparent) => say(client, { traceparent }));
  await askTensorFlowServing(servers.url);
  await askSageMaker(sagemaker, servers.url);
  await askVertex(aiplatform, grpc.credentials.createInsecure(), servers.grpcPort);
  servers.stop();
}

const say = (client, answer) => console.log(JSON.stringify({ client, answer }));

async function askTensorFlowServing(server) {
  const headers = { 'content-type': 'application/json' };
  const post = async (path, question) =>
    (await fetch(`${server}${path}`, { method: 'POST', headers, body: JSON.stringify(question) })).json();
  const instances = [
    [10, 1],
    [20, 2],
  ];
  say('rows', await post('/v1/models/fares/versions/2:predict', { instances }));
  say('columns', await post('/v1/models/fares/versions/2:predict', { inputs: [[30, 3]] }));
  const examples = [
    { width: 4, colour: 'red' },
    { width: 1, colour: 'blue' },
  ];
  say('classify', await post('/v1/models/defects/labels/stable:classify', { examples }));
}

async function askSageMaker(sagemaker, endpoint) {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const client = new sagemaker.SageMakerRuntimeClient({ region: 'eu-west-1', endpoint, credentials, maxAttempts: 1 });
  const ask = (EndpointName, Body) =>
    client.send(
      new sagemaker.InvokeEndpointCommand({ EndpointName, Body, ContentType: 'text/csv', TargetVariant: 'blue' }),
    );
  const { Body } = await ask('churn', '12,3\n24,1\n');
  say('sagemaker', Buffer.from(Body).toString());
  await ask('broken', '12,3').catch((error) => say('sagemaker refused', error.name));
}

async function askVertex({ PredictionServiceClient, helpers }, sslCreds, port) {
  const client = new PredictionServiceClient({ apiEndpoint: '127.0.0.1', port, sslCreds });
  const endpoint = 'projects/insurance/locations/europe-west1/endpoints/4711';
  const rows = [
    { amount: 100, region: 'north' },
    { amount: 200, region: 'south' },
  ];
  const [{ predictions }] = await client.predict({ endpoint, instances: rows.map(helpers.toValue) });
  say('vertex', predictions.map(helpers.fromValue));
  await client.predict({ endpoint, instances: [] }).catch(({ code }) => say('vertex refused', code));
  await client.close();
}
