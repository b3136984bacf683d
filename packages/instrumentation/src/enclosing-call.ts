import { type Context, createContextKey } from '@opentelemetry/api';

const MODEL = createContextKey('driftline.model');
const IS_REMOTE = createContextKey('driftline.model.is_remote');

/** The model whose call this context belongs to. Without an SDK, whose context manager carries it, there is none. */
export function enclosingModel(context: Context): string | undefined {
  const model = context.getValue(MODEL);
  return typeof model === 'string' ? model : undefined;
}

/** Whether that model runs elsewhere: what is sent in this context is on its way there. */
export function isInRemoteCall(context: Context): boolean {
  return context.getValue(IS_REMOTE) === true;
}

export function inCallOf(model: string, isRemote: boolean, context: Context): Context {
  return context.setValue(MODEL, model).setValue(IS_REMOTE, isRemote);
}
