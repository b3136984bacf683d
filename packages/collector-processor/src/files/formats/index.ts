import { csv } from './csv.ts';
import type { DataFormat } from './data-format.ts';
import { jsonl } from './jsonl.ts';
import { parquet } from './parquet.ts';

/** Every file format that profiles are built from. */
export const dataFormats = [csv, parquet, jsonl] as const satisfies readonly DataFormat[];
