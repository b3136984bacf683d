import { strictEqual, deepStrictEqual } from 'node:assert';
import { test } from 'node:test';
import { captureDriftline } from '@driftline/instrumentation/testing';
import { score } from './remote-model.ts';

void test('the model sees the amount', async () => {
  using seen = captureDriftline(); // in memory, at once, nothing is sent
  await score({ amount: 120, country: 'de' });
  strictEqual(seen.model('fraud').feature('amount').count, 1);
  deepStrictEqual(seen.model('fraud').errors, []);
});
