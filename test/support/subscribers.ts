import { monitorModel, startDriftline } from '@driftline/instrumentation';
import type { ReferenceProfile } from '@driftline/sketches';
import { normal, seededRandom } from './seeded-profile.ts';
import { SimulatedService, type SimulatedServiceOptions, type WindowPeriod, windowMs } from './simulated-service.ts';

/** Rows of one plan: how many of a hundred, and where its amounts lie, in standard deviations of a plan. */
export interface Plan {
  readonly share: number;
  readonly amount: number;
}

export type Plans = Readonly<Record<string, Plan>>;

export interface Subscriber {
  readonly plan: string;
  readonly amount: number;
  readonly age: number;
}

/** As many rows of each plan as its share says: chance is in the amounts alone. */
export function subscribers(rows: number, plans: Plans, random: () => number): readonly Subscriber[] {
  return Object.entries(plans).flatMap(([plan, { share, amount }]) =>
    Array.from({ length: Math.round((rows * share) / 100) }, () => {
      return { plan, amount: normal(random) + amount, age: normal(random) };
    }),
  );
}

export function csvOf(rows: readonly Subscriber[]): string {
  return ['plan,amount,age', ...rows.map(({ plan, amount, age }) => `${plan},${amount},${age}`), ''].join('\n');
}

/** A real application with the real instrumentation, and the real service that it reports to. */
export class SubscriberService implements AsyncDisposable {
  readonly service: SimulatedService;
  readonly #profile: ReferenceProfile | undefined;
  #driftline: ReturnType<typeof startDriftline>;
  #monitor: ReturnType<typeof monitorOf>;
  readonly #random = seededRandom(11);
  readonly #windowMs: number;
  #start: number;

  private constructor(service: SimulatedService, profile: ReferenceProfile | undefined, every = windowMs) {
    this.service = service;
    this.#windowMs = every;
    this.#profile = profile;
    this.#start = service.now;
    this.#driftline = startDriftline({ service: 'billing', endpoint: service.service.otlpUrl });
    this.#monitor = monitorOf(profile);
  }

  static async start(options: SimulatedServiceOptions, profile?: ReferenceProfile): Promise<SubscriberService> {
    return new SubscriberService(await SimulatedService.start(options), profile, options.windowMs);
  }

  /** Windows of so many rows each, judged when the next one ends. */
  async live(windows: number, rows: number, plans: Plans | ((period: WindowPeriod) => Plans)): Promise<void> {
    for (let i = 0; i < windows; i += 1) {
      const at = this.#start;
      const now = typeof plans === 'function' ? plans({ start: at, end: at + this.#windowMs }) : plans;
      for (const { plan, ...features } of subscribers(rows, now, this.#random)) {
        this.#monitor.record({ features, segment: { plan }, at });
      }
      await this.#driftline.flush();
      this.#start += this.#windowMs;
      this.service.now = this.#start;
      await this.service.service.tick();
    }
  }

  /** The drift service, which comes back elsewhere; the application is told so. */
  async restart(): Promise<void> {
    await this.#driftline.shutdown();
    await this.service.restart();
    this.#driftline = startDriftline({ service: 'billing', endpoint: this.service.service.otlpUrl });
    this.#monitor = monitorOf(this.#profile);
  }

  segments(window: number) {
    return this.service.windows.at(window)?.segments ?? [];
  }

  segment(window: number, value: string) {
    return this.segments(window).find((segment) => segment.value === value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driftline.shutdown();
    await this.service[Symbol.asyncDispose]();
  }
}

function monitorOf(profile: ReferenceProfile | undefined) {
  return profile === undefined ? monitorModel({ name: 'bills', version: '1' }) : monitorModel({ profile });
}
