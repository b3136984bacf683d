import { afterAll, beforeAll, expect, it } from 'vitest';
import { SketchReceivingEnd } from '../../test/support/sketch-receiving-end.ts';
import { Airline } from './airline.ts';
import { readFlights } from './flight.ts';
import { freePort } from './free-port.ts';
import { type FlightService, startFlightService } from './service.ts';

let driftService: SketchReceivingEnd;
let service: FlightService;
let url: string;

beforeAll(async () => {
  const port = await freePort(23_743);
  url = `http://127.0.0.1:${port}`;
  driftService = await SketchReceivingEnd.start();
  service = await startFlightService({ port, driftServiceUrl: driftService.url });
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await driftService[Symbol.asyncDispose]();
});

it('answers as the model does, and sends a sketch of the row and its truth', async () => {
  const [flight] = (await readFlights('production')).filter(({ late }) => late === true);
  if (flight?.known_at == null) throw new Error('no flight of production was late');
  const response = await fetch(`${url}/predictions`, { method: 'POST', body: JSON.stringify(flight) });
  expect(await response.json()).toMatchObject({ score: await service.unwatched(flight) });

  const airline = new Airline(service.app);
  await airline.live({ kind: 'departure', at: flight.at.getTime(), flight });
  await airline.live({ kind: 'arrival', at: flight.known_at.getTime(), flight, late: true });
  await service.flush();
  expect(airline.predictions).toBe(1);
  expect(driftService.point('ml.feature.value', { 'ml.feature.name': 'temperature' }).count).toBe('2');
  const outcomes = driftService.events.filter(({ name }) => name === 'ml.prediction.outcome');
  expect(outcomes.map(({ attributes }) => attributes)).toMatchObject([
    { 'ml.model.name': 'late-arrival', 'ml.outcome.class': 'late', 'ml.prediction.time': flight.at.getTime() / 1000 },
  ]);
});

it.each(['{"id": "17"}', 'no JSON'])('tells a sender of %s what is wrong with it', async (body) => {
  const response = await fetch(`${url}/predictions`, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.any(String) });
});

it('is ready once the model answers what it answered where it was trained', async () => {
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 5_000 }).toBe(200);
});
