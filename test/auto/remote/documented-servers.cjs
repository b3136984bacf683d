// What nobody can run here answers as its documentation says: TensorFlow Serving, SageMaker's runtime, Vertex AI.
const { once } = require('node:events');
const http = require('node:http');
const grpc = require('@grpc/grpc-js');
const protobuf = require('protobufjs');

const json = (body) => ['application/json', JSON.stringify(body)];
const answers = {
  '/v1/models/fares/versions/2:predict': ({ instances, inputs }) =>
    json(inputs === undefined ? { predictions: instances.map(([distance]) => [distance / 2]) } : { outputs: [[15]] }),
  '/v1/models/defects/labels/stable:classify': ({ examples }) =>
    json({
      result: examples.map(({ width }) => [
        ['sound', 1 / width],
        ['defect', 1 - 1 / width],
      ]),
    }),
  '/endpoints/churn/invocations': () => ['text/csv', '0.25\n0.75\n'],
};

/** Tells `seen` which trace each request came with. */
exports.documentedServers = async (seen) => {
  const rest = http.createServer(async (request, response) => {
    const chunks = await request.toArray();
    seen(request.url, request.headers.traceparent);
    const answer = answers[request.url];
    const body = Buffer.concat(chunks).toString();
    const [type, text] = answer?.(body.startsWith('{') ? JSON.parse(body) : body) ?? [];
    if (text === undefined) {
      response.writeHead(424, { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelError' });
      response.end(JSON.stringify({ Message: 'the container answered 500' }));
    } else response.writeHead(200, { 'content-type': type }).end(text);
  });
  await once(rest.listen(0, '127.0.0.1'), 'listening');

  const root = protobuf.Root.fromJSON(require('@google-cloud/aiplatform/build/protos/protos.json'));
  const [Request, Response] = ['PredictRequest', 'PredictResponse'].map((name) =>
    root.lookupType(`google.cloud.aiplatform.v1.${name}`),
  );
  const vertex = new grpc.Server();
  const predict = {
    path: '/google.cloud.aiplatform.v1.PredictionService/Predict',
    requestStream: false,
    responseStream: false,
    requestDeserialize: (bytes) => Request.decode(bytes),
    responseSerialize: (message) => Buffer.from(Response.encode(Response.fromObject(message)).finish()),
  };
  vertex.addService(
    { Predict: predict },
    {
      Predict({ request, metadata }, answer) {
        seen('vertex', metadata.get('traceparent').join());
        if (request.instances.length === 0)
          return answer({ code: grpc.status.INVALID_ARGUMENT, details: 'no instances' });
        const scored = (_, at) => ({ structValue: { fields: { score: { numberValue: at / 2 } } } });
        answer(null, { predictions: request.instances.map(scored), deployedModelId: '1' });
      },
    },
  );
  const bind = (resolve, reject) => (error, port) => (error === null ? resolve(port) : reject(error));
  const grpcPort = await new Promise((resolve, reject) =>
    vertex.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), bind(resolve, reject)),
  );
  return {
    url: `http://127.0.0.1:${rest.address().port}`,
    grpcPort,
    stop: () => {
      rest.close();
      rest.closeAllConnections();
      vertex.forceShutdown();
    },
  };
};
