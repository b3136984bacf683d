import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';

/** What is known of a flight when it is due to leave. The columns are explained in data/SOURCE.md. */
export const Flight = z.object({
  id: z.string(),
  at: z.coerce.date(),
  hour: z.number(),
  distance: z.number(),
  planned_time: z.number(),
  departures: z.number(),
  recent_delay: z.number().nullable(),
  seats: z.number().nullable(),
  aircraft_age: z.number().nullable(),
  temperature: z.number().nullable(),
  precipitation: z.number().nullable(),
  carrier: z.string(),
  origin: z.string(),
  weekday: z.string(),
});
export type Flight = z.infer<typeof Flight>;

/** A flight of the past: also how it ended, and when that was known. Both are null where it never arrived. */
export const RecordedFlight = Flight.extend({ known_at: z.date().nullable(), late: z.boolean().nullable() });
export type RecordedFlight = z.infer<typeof RecordedFlight>;

/** In the order of the file. */
export async function readFlights(part: 'held-back' | 'production'): Promise<readonly RecordedFlight[]> {
  const database = await DuckDBInstance.create();
  const connection = await database.connect();
  const rows = await connection.runAndReadAll('SELECT * FROM read_parquet($file)', {
    file: `${import.meta.dirname}/data/${part}.parquet`,
  });
  return rows.getRowObjectsJS().map((row, index) => RecordedFlight.parse({ ...row, id: `${part}-${index + 1}` }));
}
