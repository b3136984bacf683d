import { customaryLimit } from '../evaluate/drift/decision/fixed-limit.ts';
import { driftMethodNames } from '../evaluate/drift/index.ts';
import { type CrossProblem, field, mapping } from './written.ts';

/** A method that is to decide needs a limit, and not every one has a customary one. */
export function methodsWithoutLimit(written: unknown): readonly CrossProblem[] {
  const shared = field(field(written, 'defaults'), 'drift');
  const places = [
    { path: ['defaults', 'drift'], drift: shared, above: [] },
    ...Object.entries(mapping(field(written, 'models'))).flatMap(([name, model]) => {
      const own = field(model, 'drift');
      const features = Object.entries(mapping(field(model, 'features')));
      return [
        { path: ['models', name, 'drift'], drift: own, above: [shared] },
        ...features.map(([feature, settings]) => ({
          path: ['models', name, 'features', feature, 'drift'],
          drift: field(settings, 'drift'),
          above: [own, shared],
        })),
      ];
    }),
  ];
  return places.flatMap(({ path, drift, above }) => {
    const method = field(drift, 'method');
    const isDecidable =
      !driftMethodNames.some((name) => name === method) ||
      customaryLimit(String(method)) !== undefined ||
      [drift, ...above].some((one) => field(field(one, 'limits'), String(method)) !== undefined);
    return isDecidable
      ? []
      : [{ path: [...path, 'method'], complaint: `has no customary limit; write limits: { ${String(method)}: ... }` }];
  });
}
