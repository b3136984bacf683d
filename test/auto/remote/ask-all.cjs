const { observed } = require('./observed.cjs');

observed(async () => {
  const { askEach } = await import('./ask.js');
  const { default: got } = await import('got');
  await askEach({ axios: require('axios'), got, http: require('node:http'), undici: require('undici') });
});
