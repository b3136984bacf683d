const { observed } = require('./observed.cjs');
const sagemaker = require('@aws-sdk/client-sagemaker-runtime');
const aiplatform = require('@google-cloud/aiplatform');
const grpc = require('@grpc/grpc-js');

observed(async () => {
  const { askEachDocumented } = await import('./ask-documented.js');
  await askEachDocumented({ sagemaker, aiplatform, grpc });
});
