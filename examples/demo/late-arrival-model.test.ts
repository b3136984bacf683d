import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Flight } from './flight.ts';
import { loadLateArrivalModel } from './late-arrival-model.ts';

const ROWS = 500;
const Scored = Flight.extend({ score: z.number() });

it('answers in Node as it did where it was trained', async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  const reference = await connection.runAndReadAll(`SELECT * FROM read_parquet($file) LIMIT ${ROWS}`, {
    file: `${import.meta.dirname}/data/reference.parquet`,
  });
  const flights = reference
    .getRowObjectsJS()
    .map((row, index) => Scored.parse({ ...row, id: `reference-${index}`, at: new Date() }));
  expect(flights.some((flight) => flight.temperature === null || flight.seats === null)).toBe(true);

  const probabilityOfLate = await loadLateArrivalModel();
  for (const flight of flights) expect(await probabilityOfLate(flight)).toBeCloseTo(flight.score, 5);
});
