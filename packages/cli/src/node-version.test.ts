import { describe, expect, it } from 'vitest';
import { complaintOfNode } from './node-version.ts';

describe('the version of Node', () => {
  it.each(['22.15.0', '22.16.1', '24.0.0', '100.1.2', '22.15'])('%s is new enough for >=22.15', (running) => {
    expect(complaintOfNode(running, '>=22.15')).toBeUndefined();
  });

  it.each(['20.20.2', '22.14.9', '22.9.0', '9.99.99'])('%s is too old, and the way out is told', (running) => {
    expect(complaintOfNode(running, '>=22.15')).toContain(`Node 22.15 or newer is needed, and this is ${running}.`);
  });
});
