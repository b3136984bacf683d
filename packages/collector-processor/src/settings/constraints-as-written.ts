import { Document, isMap, isSeq, visit } from 'yaml';
import { z } from 'zod';
import type { Constraint } from '../evaluate/data-quality/constraints/constraint.ts';
import { constraints } from './quality-schema.ts';

/** A part of driftline.yaml, one constraint a line. */
export function constraintsAsWritten(model: string, learned: readonly Constraint[]): string {
  const written = z.encode(
    constraints,
    learned.map(({ in: categories, ...one }) => ({ ...one, ...(categories && { in: [...categories] }) })),
  );
  const document = new Document({ models: { [model]: { constraints: written } } });
  visit(document, {
    Map: (_, map, path) => {
      if (isSeq(path.at(-1))) map.flow = true;
    },
  });
  visit(document, {
    Seq: (_, list, path) => {
      if (path.some((parent) => isMap(parent) && parent.flow === true)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
