export interface LastWords {
  readonly flush: () => Promise<void>;
  /** Nothing asynchronous survives a page. */
  readonly sendLast: () => void;
}

/**
 * Node's `beforeExit`, a page's `pagehide`. A phone may end a page that is hidden without a word, so a page also flushes when
 * it is hidden. Signals are the application's. Returns how to stop listening.
 */
export function flushAtExit({ flush, sendLast }: LastWords): () => void {
  const runtime: unknown = Reflect.get(globalThis, 'process');
  if (isEmitter(runtime)) {
    const onBeforeExit = (): void => void flush();
    runtime.once('beforeExit', onBeforeExit);
    return () => runtime.removeListener('beforeExit', onBeforeExit);
  }
  const page: object = globalThis;
  if (!isPage(page)) return () => {};
  const onVisibilityChange = (): void => {
    if (page.document?.visibilityState === 'hidden') void flush();
  };
  page.addEventListener('pagehide', sendLast);
  page.addEventListener('visibilitychange', onVisibilityChange);
  return () => {
    page.removeEventListener('pagehide', sendLast);
    page.removeEventListener('visibilitychange', onVisibilityChange);
  };
}

interface Emitter {
  once(event: 'beforeExit', listener: () => void): void;
  removeListener(event: 'beforeExit', listener: () => void): void;
}

interface Page {
  readonly document?: { readonly visibilityState: string };
  addEventListener(event: 'pagehide' | 'visibilitychange', listener: () => void): void;
  removeEventListener(event: 'pagehide' | 'visibilitychange', listener: () => void): void;
}

const isPage = (value: object): value is Page => 'addEventListener' in value && 'removeEventListener' in value;

function isEmitter(value: unknown): value is Emitter {
  return (
    typeof value === 'object' &&
    value !== null &&
    'once' in value &&
    'removeListener' in value &&
    typeof value.once === 'function'
  );
}
