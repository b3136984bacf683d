/**
 * An ordinary service with a model, as its own process: everything it sends goes to the one endpoint it is given.
 * Rows arrive all the time; on SIGUSR2 the world changes. Ends on SIGTERM.
 */
import { monitorModel } from '@driftline/instrumentation';
import { startDriftline } from '@driftline/instrumentation/node';

const driftline = startDriftline({ service: 'hiring-api', intervalMs: 1000 });
const employment = monitorModel({ name: 'employment', version: '7', features: { age: 'numeric', hours: 'numeric' } });
const predict = employment.wrap(({ age }: { readonly age: number; readonly hours: number }) => ({
  class: age > 40 ? 'yes' : 'no',
  score: Math.min(1, age / 80),
}));

let shift = 0;
process.on('SIGUSR2', () => {
  shift = 15;
});

/** The sum of a few uniforms: near enough to a normal with a standard deviation of 10. */
const around = (mean: number): number => mean + (Math.random() + Math.random() + Math.random() - 1.5) * 20;

const timer = setInterval(() => {
  for (let row = 0; row < 100; row += 1) {
    const applicant = { age: around(40 + shift), hours: around(38) };
    const prediction = predict(applicant);
    const truth = Math.random() < 0.8 ? prediction.class : 'no';
    employment.recordOutcome({ prediction, truth, predictedAt: Date.now() });
  }
}, 100);

process.once('SIGTERM', () => {
  clearInterval(timer);
  void driftline.shutdown().then(() => process.exit(0));
});
process.stdout.write('predicting\n');
