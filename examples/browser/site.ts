import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { bundle } from './bundle.ts';

export interface SiteOptions {
  /** Where the page sends its sketches. */
  readonly driftService: string;
  /** Scripts to serve beside the page's own, by path. */
  readonly scripts?: Readonly<Record<string, string>>;
}

const files: Readonly<Record<string, { readonly file: URL; readonly type: string }>> = {
  '/page.css': { file: new URL('page/page.css', import.meta.url), type: 'text/css' },
  '/digits.onnx': { file: new URL('digits.onnx', import.meta.url), type: 'application/octet-stream' },
  '/robot.digits': { file: new URL('robot.digits', import.meta.url), type: 'application/octet-stream' },
  '/onnxruntime.wasm': {
    file: new URL(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
    type: 'application/wasm',
  },
};

/** Everything that a visitor's browser asks for. */
export async function site({ driftService, scripts = {} }: SiteOptions): Promise<Hono> {
  const app = new Hono();
  const html = await readFile(new URL('page/index.html', import.meta.url), 'utf8');
  app.get('/', (context) => context.html(html.replace('{{drift-service}}', driftService)));

  for (const [path, { file, type }] of Object.entries(files)) {
    app.get(path, async (context) => context.body(await readFile(file), 200, { 'content-type': type }));
  }
  const entries = { '/page.js': fileURLToPath(new URL('page/page.ts', import.meta.url)), ...scripts };
  for (const [path, entry] of Object.entries(entries)) {
    const script = await bundle(entry);
    app.get(path, (context) => context.body(script, 200, { 'content-type': 'text/javascript' }));
  }

  // What the drift service found. Browsers may send to it, but not read from it.
  app.get('/models', async () => fetch(`${driftService}/api/v1/models`));
  return app;
}
