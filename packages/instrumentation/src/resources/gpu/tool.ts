import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface ToolLimits {
  readonly timeoutMs: number;
  readonly bytes: number;
}

const DEFAULT_LIMITS: ToolLimits = { timeoutMs: 10_000, bytes: 8 * 1024 * 1024 };

/** Where vendors install what they do not put on the path. */
const furtherFolders: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/bin', '/opt/rocm/bin', '/usr/lib/wsl/lib'],
  darwin: ['/usr/sbin'],
  win32: ['C:\\Windows\\System32'],
};

/** Looks for a file, starts nothing. */
export async function findTool(name: string, platform: NodeJS.Platform): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...(furtherFolders[platform] ?? [])];
  for (const folder of new Set(folders.filter((one) => one !== ''))) {
    const path = join(folder, platform === 'win32' ? `${name}.exe` : name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A vendor's tool, run for what it writes. It is foreign: it may hang, flood and die, and must not do so twice at once. */
export class Tool {
  readonly #path: string;
  readonly #limits: ToolLimits;
  #running: ChildProcess | undefined;

  constructor(path: string, limits: ToolLimits = DEFAULT_LIMITS) {
    this.#path = path;
    this.#limits = limits;
  }

  async run(args: readonly string[]): Promise<string> {
    // In a broken driver even SIGKILL waits: another one would wait beside it.
    if (this.#running !== undefined) throw new Error(`${this.#path} was killed and has not ended yet.`);
    const child = spawn(this.#path, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
      windowsHide: true,
      // A group of its own, so that what it has started is killed with it.
      detached: process.platform !== 'win32',
    });
    this.#running = child;
    letExit(child);
    return this.#answerOf(child);
  }

  #answerOf(child: ChildProcess): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const chunks: Buffer[] = [];
    let size = 0;
    const giveUp = (reason: string): void => {
      kill(child);
      reject(new Error(`${this.#path} ${reason} and was killed.`));
    };
    const timeoutMs = this.#limits.timeoutMs;
    const timer = setTimeout(() => giveUp(`did not answer within ${timeoutMs / 1000} s`), timeoutMs).unref();
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= this.#limits.bytes) chunks.push(chunk);
      else giveUp(`wrote more than ${this.#limits.bytes} bytes`);
    });
    child.once('error', (error) => {
      this.#running = undefined;
      reject(error);
    });
    child.once('exit', () => {
      this.#running = undefined;
    });
    child.once('close', (code, signal) => {
      const text = new TextDecoder().decode(Buffer.concat(chunks));
      if (code === 0) resolve(text);
      else reject(new Error(`${this.#path} ended with ${signal ?? code}: ${firstLine(text)}`));
    });
    return promise.finally(() => clearTimeout(timer));
  }
}

/** The application may end while a tool is at work. */
function letExit(child: ChildProcess): void {
  child.unref();
  const { stdout } = child;
  if (stdout !== null && 'unref' in stdout && typeof stdout.unref === 'function') stdout.unref();
}

function kill(child: ChildProcess): void {
  child.stdout?.destroy();
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.slice(0, 200) || 'it wrote nothing.';
