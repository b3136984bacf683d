import type { SketchReceivingEnd } from '../support/sketch-receiving-end.ts';

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly hasFailed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface WireSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly WireSpan[] }[];
  }[];
}

/** What arrived as OTLP/JSON, in the order of its end. */
export function spansOf({ requests }: SketchReceivingEnd): readonly ReceivedSpan[] {
  return requests
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => {
      const request: TraceRequest = JSON.parse(body);
      return request.resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => received(scope.name, span))),
      );
    });
}

function received(scope: string, { status, attributes, parentSpanId, ...span }: WireSpan): ReceivedSpan {
  return {
    ...span,
    scope,
    parentSpanId,
    hasFailed: status.code === 2,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
  };
}
