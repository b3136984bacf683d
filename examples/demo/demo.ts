import { Airline } from './airline.ts';
import { Backend } from './backend.ts';
import { secondsAPrediction, SentBytes } from './cost-of-monitoring.ts';
import { readFlights } from './flight.ts';
import { freePort } from './free-port.ts';
import { Judge } from './judge.ts';
import { findings, type JudgedWeek, weekRow } from './judged-week.ts';
import { brokenPromises } from './promises.ts';
import { replay, SimulatedClock, type Week, weeksOf } from './replay.ts';
import type { Screen } from './screen.ts';
import { startFlightService } from './service.ts';

export interface DemoOptions {
  readonly screen: Screen;
  /** Ends the demo early. */
  readonly signal: AbortSignal;
  readonly weekTakesMs: number;
  /** The services stay up after the last week, until the signal. */
  readonly staysUp: boolean;
}

const DAY_MS = 24 * 3_600_000;
const DRIFT_SERVICE_PORT = 3743;

/** Plays the flights of 2013 to a service under watch. Says what was promised and not kept: nothing, if all is well. */
export async function runDemo({ screen, signal, weekTakesMs, staysUp }: DemoOptions): Promise<readonly string[]> {
  await using running = new AsyncDisposableStack();
  const port = await freePort(DRIFT_SERVICE_PORT);
  const servicePort = await freePort(port + 1);
  const backend = running.use(new Backend());
  const resultsUrl = await backend.listen();
  screen.heading({ port, servicePort, resultsUrl });

  const [heldBack, production] = await Promise.all([readFlights('held-back'), readFlights('production')]);
  const weeks = weeksOf(heldBack, production);
  const clock = new SimulatedClock(weeks[0]?.start ?? 0);
  const now = () => clock.now();

  const judge = running.use(await Judge.start({ port, resultsUrl, now, log: (line) => screen.notice(line) }));
  const sketches = running.use(new SentBytes(`${judge.otlpUrl}/v1/metrics`));
  const service = running.use(await startFlightService({ port: servicePort, driftServiceUrl: judge.otlpUrl }));
  const airline = new Airline(service.app);

  const judged: JudgedWeek[] = [];
  const weekEnds = async (week: Week): Promise<void> => {
    await service.flush();
    const windows = await judge.look();
    const alertChanges = backend.newAlertChanges();
    judged.push(...windows.map((window) => ({ week, window, alertChanges })));
    if (!week.isHeldBack && judged.at(-2)?.week.isHeldBack === true) screen.productionStarts();
    const row = weekRow(judged);
    if (row !== undefined) screen.week(row);
  };
  await replay(weeks, clock, { happens: (moment) => airline.live(moment), weekEnds }, { weekTakesMs, signal });

  const bytesAPeriod = sketches.bytesARequest;
  // These calls are of a day that nobody judges; it must be over when their sketches leave at the end.
  const flights = heldBack.slice(0, 1_200).map((flight) => ({ ...flight, at: new Date(now()) }));
  const seconds = await secondsAPrediction({ watched: service.predict, unwatched: service.unwatched }, flights);
  clock.advanceTo(now() + DAY_MS);

  screen.summary({
    ...findings(judged),
    predictions: airline.predictions,
    arrived: backend.arrived(),
    ...(seconds !== undefined && bytesAPeriod !== undefined && { cost: { seconds, bytesAPeriod } }),
  });
  if (signal.aborted) return [];
  if (staysUp) await screen.staysUpUntil(signal);
  return brokenPromises({
    weeks: judged,
    played: weeks.length,
    largestDrift: (feature) => backend.largestDrift(feature),
  });
}
