// The same as CommonJS.
const tf = require('@tensorflow/tfjs');

void import('./late-flights.js').then(({ score }) => score(tf, process.argv[2]));
