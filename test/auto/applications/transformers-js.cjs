// The same as CommonJS.
const transformers = require('@huggingface/transformers');

void import('./review-sentiment.js').then(({ judge }) => judge(transformers, process.argv[2]));
