/** Asks Prometheus's own translator, which needs Go, for the names of metrics that are new in the registries. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metrics } from '../src/metric-definitions.ts';

interface Answer {
  readonly name: string;
  readonly unit: string;
  readonly instrument: string;
  readonly prometheus: string;
}

const folder = fileURLToPath(new URL('../known-answers/', import.meta.url));
const path = `${folder}prometheus-names.json`;
const file: { readonly source: string; readonly answers: readonly Answer[] } = JSON.parse(readFileSync(path, 'utf8'));

const isAsked = new Set(file.answers.map(({ name, unit, instrument }) => JSON.stringify([name, unit, instrument])));
const added = Object.entries(metrics)
  .map(([name, { unit, instrument }]) => ({ name, unit, instrument, prometheus: '' }))
  .filter(({ name, unit, instrument }) => !isAsked.has(JSON.stringify([name, unit, instrument])));

writeFileSync(path, JSON.stringify({ ...file, answers: [...file.answers, ...added] }));
execFileSync('go', ['run', '.', '../prometheus-names.json'], { cwd: `${folder}prometheus-names`, stdio: 'inherit' });
