import { styleText } from 'node:util';
import type { Settings } from '@driftline/collector-processor';
import {
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_FEATURE_OBSERVATION_STATUS,
  ATTR_ML_MODEL_NAME,
  ATTR_SERVICE_NAME,
  DOCTOR_MODEL_NAME,
  METRIC_ML_FEATURE_OBSERVATIONS,
  ML_FEATURE_OBSERVATION_STATUS_VALUE_VALID,
  SCOPE_SKETCHES,
} from '@driftline/semantic-conventions';
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { printable } from './table.ts';

interface DoctorOptions {
  readonly config?: string;
  readonly endpoint?: string;
  readonly json?: boolean;
}

interface Finding {
  readonly step: string;
  readonly ok: boolean;
  readonly detail: string;
}

const TIMEOUT_MS = 5000;

/** `driftline doctor`: one test sketch goes the whole way, and the first step that fails says what to do. */
export function doctor(program: Command): void {
  program
    .command('doctor')
    .description('Send one test sketch end to end, and say where it stops')
    .option('--config <file>', 'settings; driftline.yaml in this folder where there is one')
    .option('--endpoint <url>', 'drift service; DRIFTLINE_ENDPOINT, else the address in the settings')
    .option('--json', 'print JSON')
    .action(run);
}

async function run({ config, endpoint, json }: DoctorOptions): Promise<void> {
  const { formatAddress, readSettings } = await import('@driftline/collector-processor');
  const settings = readSettings(config, process.env);
  const service = endpoint ?? process.env['DRIFTLINE_ENDPOINT'] ?? `http://${formatAddress(settings.listen.otlp)}`;
  const findings: Finding[] = [{ step: 'settings', ok: true, detail: config ?? 'driftline.yaml or defaults' }];
  for (const check of [isReady, takesSketch, backendAnswers]) {
    const finding = await check(service, settings);
    if (finding === undefined) continue;
    findings.push(finding);
    if (!finding.ok) break;
  }
  process.stdout.write(
    `${json === true ? JSON.stringify({ findings }, undefined, 2) : findings.map(line).join('\n')}\n`,
  );
  process.exitCode = findings.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.finding;
}

function line({ step, ok, detail }: Finding): string {
  return `${ok ? styleText('green', '✓') : styleText('red', '✗')} ${step.padEnd(16)} ${detail}`;
}

type Check = (service: string, settings: Settings) => Promise<Finding | undefined>;

const isReady: Check = async (service) => {
  const answer = await ask(`${service}/readyz`, { method: 'GET' });
  const step = 'drift service';
  if (typeof answer === 'string') {
    return { step, ok: false, detail: `nothing answers at ${service} (${answer}). Start it: driftline serve` };
  }
  // A collector in front has no such path, and takes sketches all the same.
  const ok = answer.status === 200 || answer.status === 404;
  return {
    step,
    ok,
    detail: ok ? `ready at ${service}` : `${service}/readyz answers ${answer.status}: ${answer.body}`,
  };
};

const takesSketch: Check = async (service, settings) => {
  const answer = await sendSketch(service, settings);
  const step = 'takes a sketch';
  if (typeof answer === 'string') return { step, ok: false, detail: `${service}/v1/metrics: ${answer}` };
  if (answer.status === 401) {
    return {
      step,
      ok: false,
      detail: 'the token is not accepted; set DRIFTLINE_HEADERS="authorization=Bearer <token>"',
    };
  }
  const ok = answer.status === 200 && !answer.body.includes('partialSuccess');
  return { step, ok, detail: ok ? 'committed' : `answers ${answer.status}: ${answer.body}` };
};

const backendAnswers: Check = async (_service, { publish }) => {
  const step = 'publishes';
  if (publish.endpoint === '') {
    return { step, ok: true, detail: 'nowhere; set publish.endpoint in driftline.yaml to send gauges and events on' };
  }
  const headers = Object.fromEntries(Object.entries(publish.headers).map(([name, secret]) => [name, secret.reveal()]));
  const answer = await ask(`${publish.endpoint.replace(/\/+$/, '')}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"resourceMetrics":[]}',
  });
  if (typeof answer === 'string') {
    return { step, ok: false, detail: `nothing answers at publish.endpoint ${publish.endpoint} (${answer})` };
  }
  const ok = answer.status < 300;
  return {
    step,
    ok,
    detail: ok ? `${publish.endpoint} takes OTLP` : `publish.endpoint answers ${answer.status}: ${answer.body}`,
  };
};

function sendSketch(service: string, { auth }: Settings): ReturnType<typeof ask> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const [token] = auth === 'none' ? [] : auth.otlp;
  const point = {
    startTimeUnixNano: String(now - 1_000_000_000n),
    timeUnixNano: String(now),
    asInt: '1',
    attributes: [
      text(ATTR_ML_MODEL_NAME, DOCTOR_MODEL_NAME),
      text(ATTR_ML_FEATURE_NAME, 'doctor'),
      text(ATTR_ML_FEATURE_OBSERVATION_STATUS, ML_FEATURE_OBSERVATION_STATUS_VALUE_VALID),
    ],
  };
  const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints: [point] };
  const metrics = [{ name: METRIC_ML_FEATURE_OBSERVATIONS, unit: '{observation}', sum }];
  return ask(`${service}/v1/metrics`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...headersFromEnvironment(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token.bearer.reveal()}` }),
    },
    body: JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [text(ATTR_SERVICE_NAME, 'driftline doctor')] },
          scopeMetrics: [{ scope: { name: SCOPE_SKETCHES }, metrics }],
        },
      ],
    }),
  });
}

function text(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

/** `DRIFTLINE_HEADERS=name=value,name=value`, as the instrumentation reads it. */
function headersFromEnvironment(): Record<string, string> {
  const pairs = (process.env['DRIFTLINE_HEADERS'] ?? '').split(',').map((pair) => pair.split('='));
  return Object.fromEntries(pairs.flatMap(([name, ...value]) => (name ? [[name.trim(), value.join('=').trim()]] : [])));
}

/** What answered, or in a word why nothing did. A redirect is an answer, as it is for the service: it gets no token. */
async function ask(
  url: string,
  request: RequestInit,
): Promise<{ readonly status: number; readonly body: string } | string> {
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, body: printable((await response.text()).slice(0, 300)) };
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && 'code' in cause) return String(cause.code);
    return error instanceof Error ? error.message : String(error);
  }
}
