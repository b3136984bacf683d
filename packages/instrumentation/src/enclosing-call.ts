import { type Context, context, createContextKey } from '@opentelemetry/api';
import type { AnyFunction } from './wrap-types.ts';

interface EnclosingCall {
  readonly model: string;
  readonly isRemote: boolean;
}

const CALL = createContextKey('driftline.call');

/**
 * The model whose call this context belongs to. Without an SDK, whose context manager carries it, only what the call does
 * before it returns or first awaits is known to belong to it.
 */
export function enclosingModel(context: Context): string | undefined {
  return enclosingCall(context)?.model;
}

/** Whether that model runs elsewhere: what is sent in this context is on its way there. */
export function isInRemoteCall(context: Context): boolean {
  return enclosingCall(context)?.isRemote === true;
}

export function inCallOf(model: string, isRemote: boolean, context: Context): Context {
  return context.setValue(CALL, { model, isRemote } satisfies EnclosingCall);
}

let callOnThisStack: EnclosingCall | undefined;

/** `Reflect.apply` inside the call that `callContext` was made for. */
export function applyInCall(callContext: Context, run: AnyFunction, self: unknown, args: never[]): unknown {
  const outer = callOnThisStack;
  callOnThisStack = enclosingCall(callContext);
  try {
    return context.with(callContext, run, self, ...args);
  } finally {
    callOnThisStack = outer;
  }
}

function enclosingCall(context: Context): EnclosingCall | undefined {
  const call = context.getValue(CALL);
  return isEnclosingCall(call) ? call : callOnThisStack;
}

function isEnclosingCall(value: unknown): value is EnclosingCall {
  return typeof value === 'object' && value !== null && 'model' in value && 'isRemote' in value;
}
