import type { Hono } from 'hono';
import type { Flight } from './flight.ts';
import type { Moment } from './replay.ts';
import { type Outcome, Prediction } from './service.ts';

/** Who uses the service: asks when a flight is due to leave, and says hours later how it ended. */
export class Airline {
  readonly #service: Hono;
  readonly #underWay = new Map<string, Prediction>();
  #predictions = 0;

  constructor(service: Hono) {
    this.#service = service;
  }

  get predictions(): number {
    return this.#predictions;
  }

  async live({ kind, at, flight: { known_at: _knownAt, late, ...flight } }: Moment): Promise<void> {
    if (kind === 'departure') await this.#ask(flight);
    else if (late !== null) await this.#report(flight, late, new Date(at));
  }

  async #ask(flight: Flight): Promise<void> {
    const answer = await this.#post('/predictions', flight);
    this.#underWay.set(flight.id, Prediction.parse(await answer.json()));
    this.#predictions += 1;
  }

  async #report({ id, at }: Flight, late: boolean, knownAt: Date): Promise<void> {
    const prediction = this.#underWay.get(id);
    if (prediction === undefined) throw new Error(`demo: flight ${id} arrived without having left`);
    await this.#post('/outcomes', { prediction, predictedAt: at, late, knownAt } satisfies Outcome);
    this.#underWay.delete(id);
  }

  async #post(path: string, body: Flight | Outcome): Promise<Response> {
    const response = await this.#service.request(path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`demo: ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}
