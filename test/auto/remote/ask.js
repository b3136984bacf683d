// Each client asks the model of the Open Inference Protocol at MODEL_SERVER once, with two rows. Written are the answers.
const server = process.env.MODEL_SERVER;
const url = `${server}/v2/models/hiring/infer`;
const question = {
  inputs: [{ name: 'X', shape: [2, 2], datatype: 'FP64', data: [39, 13, 50, 40] }],
  outputs: [{ name: 'predict_proba' }],
};
const body = JSON.stringify(question);
const headers = { 'content-type': 'application/json' };

export async function askEach({ axios, got, http, undici }) {
  const clients = {
    fetch: async () => (await fetch(url, { method: 'POST', headers, body })).json(),
    'fetch of a Request': async () => (await fetch(new Request(url, { method: 'POST', headers, body }))).json(),
    axios: async () => (await axios.post(url, question)).data,
    got: async () => got.post(url, { json: question }).json(),
    'node:http': () => askOverHttp(http),
    'undici request': async () => (await undici.request(url, { method: 'POST', headers, body })).body.json(),
    'undici pool': async () => {
      const pool = new undici.Pool(server);
      const response = await pool.request({ path: '/v2/models/hiring/infer', method: 'POST', headers, body });
      const answer = await response.body.json();
      await pool.close();
      return answer;
    },
  };
  for (const [client, ask] of Object.entries(clients)) {
    const { outputs, parameters } = await ask();
    console.log(JSON.stringify({ client, probabilities: outputs[0].data, traceparent: parameters?.traceparent }));
  }
  const unknown = await fetch(`${server}/v2/models/nobody/infer`, { method: 'POST', headers, body });
  console.log(JSON.stringify({ client: 'fetch', status: unknown.status, answer: await unknown.json() }));
}

/** In two pieces. */
function askOverHttp(http) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text)));
    });
    request.on('error', reject);
    request.write(body.slice(0, 20));
    request.end(body.slice(20));
  });
}
