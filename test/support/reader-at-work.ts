import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { repositoryRoot } from './source-files.ts';

const documentedAddress = '127.0.0.1:3743';
const documentedFolder = '/srv/driftline';

export interface Ran {
  /** Of stdout and stderr, with the address and the folder that the documents use. */
  readonly output: string;
  readonly status: number;
}

/** Types a document's commands into a shell, one after the other, in a folder with what the document takes for granted. */
export class ReaderAtWork implements AsyncDisposable {
  readonly #folder: string;
  readonly #address: string;
  #service: ChildProcess | undefined;

  private constructor(folder: string, address: string) {
    this.#folder = folder;
    this.#address = address;
  }

  static async begin(programs: Readonly<Record<string, string>> = {}): Promise<ReaderAtWork> {
    const folder = await mkdtemp(join(tmpdir(), 'driftline-docs-'));
    await mkdir(join(folder, 'bin'));
    const main = join(repositoryRoot, 'packages/cli/src/main.ts');
    await writeFile(
      join(folder, 'bin/npx'),
      `#!/bin/sh\n[ "$1" = driftline ] || exit 127\nshift\nexec "${process.execPath}" --conditions=@driftline/source "${main}" "$@"\n`,
    );
    await chmod(join(folder, 'bin/npx'), 0o755);
    for (const [name, path] of Object.entries(programs)) await symlink(path, join(folder, 'bin', name));
    for (const name of ['examples', 'otel-collector']) await symlink(join(repositoryRoot, name), join(folder, name));
    await writeFile(join(folder, 'train.csv'), trainingData());
    return new ReaderAtWork(folder, `127.0.0.1:${await freePort()}`);
  }

  async run(command: string): Promise<Ran> {
    if (command.startsWith('npx driftline serve')) return this.#serve(command);
    if (/\bdoctor\b/.test(command) || command.includes(documentedAddress)) await this.#serve('npx driftline serve');
    const typed = command.replaceAll(documentedAddress, this.#address);
    return new Promise((resolve) => {
      execFile('sh', ['-c', `exec 2>&1\n${typed}`], this.#options, (error, output) => {
        resolve({ output: this.#asDocumented(output), status: typeof error?.code === 'number' ? error.code : 0 });
      });
    });
  }

  /** One is enough for a document; its first lines come at once, the rest when it is told to stop. */
  async #serve(command: string): Promise<Ran> {
    if (this.#service !== undefined) return { output: '', status: 0 };
    const service = spawn('sh', ['-c', `exec ${command.split('#')[0]} --listen ${this.#address}`], this.#options);
    this.#service = service;
    let output = '';
    for await (const chunk of service.stdout.iterator({ destroyOnReturn: false })) {
      output += chunk;
      if (output.endsWith('\n\n') && output.includes('alerts')) break;
    }
    service.stdout.resume();
    return { output: this.#asDocumented(output), status: service.exitCode ?? 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#service?.exitCode === null) {
      this.#service.kill('SIGTERM');
      await once(this.#service, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #asDocumented(output: string): string {
    return output.replaceAll(this.#address, documentedAddress).replaceAll(this.#folder, documentedFolder).trimEnd();
  }

  get #options() {
    const { PATH, HOME } = process.env;
    const env = {
      PATH: `${join(this.#folder, 'bin')}:${PATH}`,
      HOME,
      NO_COLOR: '1',
      DRIFTLINE_ENDPOINT: `http://${this.#address}`,
    };
    return { cwd: this.#folder, env, maxBuffer: 1 << 24 };
  }
}

/** 2,000 applicants over two days. */
function trainingData(): string {
  const rows = Array.from({ length: 2_000 }, (_, i) => {
    const at = new Date(Date.UTC(2026, 9, 1) + i * 86_400).toISOString();
    return [at, 18 + ((i * 7) % 50), (i * 13) % 41, i % 3 === 0 ? 'NY' : 'CA', ((i * 11) % 97) / 97].join(',');
  });
  return ['at,age,hours,state,score', ...rows, ''].join('\n');
}
