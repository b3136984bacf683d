import { defineAutoInstrumentation, type ModelCalls, type ModelDescription } from './auto-instrumentation.ts';
import { Exchange } from './http/exchange.ts';
import { fetchRequests } from './http/fetch-requests.ts';
import { nodeHttpRequests } from './http/node-http-requests.ts';
import { undiciRequests } from './http/undici-requests.ts';
import { wireProtocols } from './wire/index.ts';
import { openInferenceProtocol } from './wire/open-inference-protocol.ts';

/** Models behind HTTP, asked by whichever client: a request is known by its path. */
export const inferenceHttp = defineAutoInstrumentation({
  name: 'inference-http',
  system: openInferenceProtocol.system,
  watches: `Requests by \`fetch\`, undici, \`node:http\` (axios, got, ...) to ${wireProtocols.map(({ asks }) => asks).join('; ')}.`,
  modules: [],
  *patches(exports) {
    if (exports !== globalThis) return;
    for (const listen of [fetchRequests, undiciRequests, nodeHttpRequests]) yield { listen, ...calls };
  },
});

const calls: ModelCalls = {
  modelOf: (_self, [exchange]) => (exchange instanceof Exchange ? placeOf(exchange) : undefined),
  describe: (_self, [exchange]) => {
    if (exchange instanceof Exchange) return describe(exchange);
    throw new TypeError('a call is no exchange');
  },
};

/** Without the query, which may hold keys. */
const placeOf = ({ url }: Exchange): string => `${url.origin}${url.pathname}`;

function describe(exchange: Exchange): ModelDescription {
  const { model, protocol, url } = exchange;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return {
    name: decoded(model.name),
    version: model.version,
    source: placeOf(exchange),
    system: protocol.system,
    remote: { address: url.hostname.replace(/^\[(.*)\]$/, '$1'), port },
    readsInputsLate: true,
    inputs: ([sent]) => (sent instanceof Exchange ? sent.inputs() : undefined),
    keepAnswer: ([sent]) => {
      if (sent instanceof Exchange) sent.isAnswerKept = true;
    },
    outputs: (answer, [sent]) => (sent instanceof Exchange ? sent.outputs(answer) : undefined),
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
