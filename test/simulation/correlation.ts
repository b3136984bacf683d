import { type CorrelationSimulation, shapes, simulateCorrelations } from './correlation-windows.ts';

/**
 * False alarms of the correlation shift over shapes of columns, and what it finds. Prints a table in Markdown:
 * npx node --conditions=@driftline/source test/simulation/correlation.ts [windows]
 */
const windows = Number(process.argv[2] ?? 10_000);
const shared = {
  features: 10,
  referenceRows: 10_000,
  windowsPerReference: 500,
  windows,
  alphas: [0.05, 0.01, 0.001, 0.0001],
};

console.log('| columns | correlation | rows | pairs | p < 0.05 | 0.01 | 0.001 | 0.0001 | drift at 0.001 |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const shape of [...Object.keys(shapes), 'mixed']) {
  for (const correlation of [0, 0.5, 0.8]) {
    for (const windowRows of [100, 300, 1000]) print({ ...shared, shape, correlation, windowRows, seed: 20261128 });
  }
}

function print(simulation: CorrelationSimulation): void {
  const { shape, correlation, windowRows } = simulation;
  const { testedPairs, levels } = simulateCorrelations(simulation);
  const ratios = levels.map(({ alpha, significant }) => (significant / alpha).toFixed(2));
  console.log(
    `| ${[shape, correlation, windowRows, testedPairs.toFixed(0), ...ratios, levels[2]?.drift.toFixed(4)].join(' | ')} |`,
  );
}
