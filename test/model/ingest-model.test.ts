import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { ingestModel, rules, type Rules } from './ingest-model.ts';

const { decideCommit, decideEvaluation } = rules;

describe('two services that commit to one pane', () => {
  it('lose nothing, double nothing and publish once, whatever happens', { timeout: 60_000 }, () => {
    const exploration = explore(ingestModel(rules, { deliveries: 4, faults: 2 }), 2_000_000);
    console.log(`explored ${exploration.states.toLocaleString('en')} states`);
    expect(exploration.violation).toBeUndefined();
    expect(exploration.states).toBeGreaterThan(10_000);
  });
});

describe('the explorer finds what is missing without', () => {
  it.each<[rule: string, complaint: RegExp, Partial<Rules>]>([
    [
      'the check whether the pane is sealed',
      /sealed pane changed|2 times/,
      { decideCommit: (stored, commit) => decideCommit({ ...stored, sealedEnd: 0 }, commit) },
    ],
    [
      'the check of what the states were merged from',
      /lost|2 times/,
      { decideCommit: (stored, commit) => decideCommit({ ...stored, rev: commit.expectedRev }, commit) },
    ],
    [
      'the check of the receipts',
      /2 times/,
      {
        decideCommit: (stored, commit) =>
          decideCommit(
            { ...stored, receipts: new Map(commit.receipts.map(({ unit, expected }) => [unit, expected])) },
            commit,
          ),
      },
    ],
    ['receipts and states in one transaction', /lost/, { claimsFirst: true }],
    ['a receipt for each point of a unit', /lost/, { tagOf: () => 1 }],
    ['dropping only what a conflict names', /lost/, { takesConflictForDuplicate: true }],
    ['reading again after a lost answer', /lost/, { assumesSuccess: true }],
    ['waiting for the store before the sender is answered', /lost/, { answersEarly: true }],
    ['sealing before evaluation', /open pane is published/, { evaluatesOpenPanes: true }],
    [
      'compare-and-swap of the evaluation',
      /published twice/,
      { decideEvaluation: (stored) => decideEvaluation(stored, stored) },
    ],
  ])('%s', (_, complaint, missing) => {
    const { violation } = explore(ingestModel({ ...rules, ...missing }, { deliveries: 2, faults: 1 }), 500_000);
    expect(violation?.complaint).toMatch(complaint);
    expect(violation?.trace.length).toBeLessThanOrEqual(8);
  });
});
