import { expect, it } from 'vitest';
import { SimulatedService } from '../support/simulated-service.ts';

const health = async (service: SimulatedService, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${service.service.url}/health`, { headers });
  return { status: response.status, text: await response.text() };
};

it('tells its version and figures to everybody where everybody may read everything', async () => {
  await using service = await SimulatedService.start();
  await expect
    .poll(() => health(service))
    .toMatchObject({ status: 200, text: expect.stringContaining('responseTime') });
});

it('tells them to who has the token of the page, and a probe without one its verdict', async () => {
  await using service = await SimulatedService.start({ settings: 'auth: { page: [{ bearer: sesame }] }' });
  const withheld = '{"status":"pass","checks":{"store":[{"status":"pass"}]}}';
  await expect.poll(() => health(service)).toEqual({ status: 200, text: withheld });
  expect(await health(service, { authorization: 'Bearer wrong' })).toEqual({ status: 200, text: withheld });
  expect((await health(service, { authorization: 'Bearer sesame' })).text).toContain('"version"');
});
