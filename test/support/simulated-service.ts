import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AlertsResponse,
  type DriftService,
  type ErrorResponse,
  type ModelsResponse,
  parseSettings,
  type ReferencesResponse,
  startDriftService,
  type WindowMeasurement,
} from '@driftline/collector-processor';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { type Encoding, metricsBody } from './otlp-requests.ts';

export const minute = 60_000;
export const windowMs = 5 * minute;

/** Milliseconds since the epoch. */
export interface WindowPeriod {
  readonly start: number;
  readonly end: number;
}

export interface SimulatedServiceOptions {
  /** driftline.yaml, without addresses and state. */
  readonly settings?: string;
  /** Written beside it, as JSON. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** As `window.every` in the settings; five minutes by default. */
  readonly windowMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** The real service with its own folder, on a free port; its time stands still until told to pass. */
export class SimulatedService implements AsyncDisposable {
  /** Every judged window, in the order of the judgements, over all restarts. */
  readonly windows: WindowMeasurement[] = [];
  readonly log: string[] = [];
  readonly folder: string;
  now = Date.UTC(2026, 10, 20, 8);
  /** Where the next window of `live` begins. */
  #next = this.now;
  #options: SimulatedServiceOptions;
  #service: DriftService | undefined;

  private constructor(folder: string, options: SimulatedServiceOptions) {
    this.folder = folder;
    this.#options = options;
  }

  static async start(options: SimulatedServiceOptions = {}): Promise<SimulatedService> {
    const simulated = new SimulatedService(await mkdtemp(join(tmpdir(), 'driftline-scenario-')), options);
    try {
      await simulated.#start();
    } catch (error) {
      await simulated[Symbol.asyncDispose]();
      throw error;
    }
    return simulated;
  }

  get service(): DriftService {
    if (this.#service === undefined) throw new Error('the service is not running');
    return this.#service;
  }

  /** What was judged of one feature or output, window by window. */
  judged(name: string) {
    return this.windows.map(({ features }) => features.find((feature) => feature.name === name));
  }

  states(name: string): readonly (string | undefined)[] {
    return this.judged(name).map((feature) => feature?.state);
  }

  get path(): string {
    return join(this.folder, 'state.db');
  }

  async stop(): Promise<void> {
    await this.#service?.close();
    this.#service = undefined;
  }

  /** The same state, and what is said here of the settings. */
  async restart(changed: SimulatedServiceOptions = {}): Promise<void> {
    await this.stop();
    this.#options = { ...this.#options, ...changed };
    await this.#start();
  }

  /** For each window what `requests` makes of it, sent as it ends: each window is judged when the next one ends. */
  async live(windows: number, requests: (period: WindowPeriod) => readonly ResourceMetrics[]): Promise<void> {
    for (let i = 0; i < windows; i += 1) {
      const period = { start: this.#next, end: this.#next + (this.#options.windowMs ?? windowMs) };
      this.#next = period.end;
      this.now = Math.max(this.now, period.end);
      for (const request of requests(period)) {
        const answer = await this.send(request);
        if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      }
      await this.service.tick();
    }
  }

  /** Time without data: so much that whatever is open is sealed. */
  async silence(ms = 20 * minute): Promise<void> {
    this.now += ms;
    const every = this.#options.windowMs ?? windowMs;
    this.#next = Math.ceil(this.now / every) * every;
    await this.service.tick();
  }

  send(request: ResourceMetrics, encoding: Encoding = 'protobuf'): Promise<Answer> {
    return this.post('metrics', metricsBody(encoding, request), encoding);
  }

  async post(
    signal: 'metrics' | 'logs' | 'traces',
    body: Uint8Array,
    encoding: Encoding = 'protobuf',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.service.otlpUrl}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf', ...headers },
      body: Uint8Array.from(body),
    });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
  }

  async models(headers: Readonly<Record<string, string>> = {}): Promise<ModelsResponse['models']> {
    const response = await fetch(`${this.service.url}/api/v1/models`, { headers });
    const body: ModelsResponse = JSON.parse(await response.text());
    return body.models;
  }

  /** What `/api/v1` answers to a request about the references of the only model. */
  async references(
    method: 'GET' | 'POST' | 'DELETE' = 'GET',
    path = '',
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: ReferencesResponse & Partial<ErrorResponse> }> {
    const [model] = await this.models(headers);
    const response = await fetch(`${this.service.url}/api/v1/models/${model?.id}/references${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  async alerts(): Promise<AlertsResponse['alerts']> {
    const response = await fetch(`${this.service.url}/api/v1/alerts`);
    const body: AlertsResponse = JSON.parse(await response.text());
    return body.alerts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const { settings = '', files = {} } = this.#options;
    for (const [name, content] of Object.entries(files)) {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      await writeFile(join(this.folder, name), text);
    }
    this.#service = await startDriftService({
      settings: parseSettings({
        text: `listen: { page: "127.0.0.1:0", otlp: "127.0.0.1:0" }\nstore: { path: ./state.db }\n${settings}`,
        file: 'driftline.yaml',
        directory: this.folder,
        environment: {},
        readSecretFile: () => '',
      }),
      now: () => this.now,
      tickMs: 0,
      log: (line) => void this.log.push(line),
      onWindow: (window) => void this.windows.push(window),
    });
  }
}
