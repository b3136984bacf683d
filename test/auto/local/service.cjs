// The same as CommonJS.
const transformers = require('@huggingface/transformers');
const tf = require('@tensorflow/tfjs');

void Promise.all([import('./late-flights.js'), import('./review-sentiment.js')]).then(
  async ([{ score }, { judge }]) => {
    await score(tf, process.argv[2]);
    await judge(transformers, process.argv[3]);
  },
);
