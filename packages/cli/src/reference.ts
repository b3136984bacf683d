import { styleText } from 'node:util';
import type {
  CaptureSummary,
  ErrorResponse,
  ModelsResponse,
  ReferencesResponse,
  ReferenceSummary,
} from '@driftline/collector-processor';
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { inThousands, printable, table } from './table.ts';

interface ServiceOptions {
  readonly url: string;
  readonly model?: string;
  readonly json?: boolean;
}

interface CaptureOptions extends ServiceOptions {
  readonly rows?: string;
  readonly from?: string;
  readonly until?: string;
}

const TIMEOUT_MS = 10_000;
const DEFAULT_URL = 'http://127.0.0.1:3743';
const TOKEN = 'DRIFTLINE_TOKEN';

/** `driftline reference list`, `capture`, `cancel`, `pin`, `unpin`, `rollback` and `delete`. */
export function reference(program: Command): void {
  const command = program
    .command('reference')
    .description('What a running drift service compares a model with: list, capture, pin, roll back');
  withService(command.command('list').description('List the references of a model, with the one in use')).action(
    (options: ServiceOptions) => ask(options, 'GET', ''),
  );
  withService(command.command('capture').description('Make a new reference of the rows that come from now on'))
    .option('--rows <number>', 'how many rows; 10000 where no time is given')
    .option('--from <time>', 'from when on, such as 2026-11-20T08:00:00Z; with --until instead of --rows')
    .option('--until <time>', 'until when')
    .action(({ rows, from, until, ...options }: CaptureOptions) =>
      ask(
        options,
        'POST',
        '',
        from === undefined && until === undefined ? { rows: Number(rows ?? 10_000) } : { from, until },
      ),
    );
  withService(command.command('cancel').description('Give up the capture that is under way')).action(
    (options: ServiceOptions) => ask(options, 'DELETE', '/ongoing'),
  );
  withService(command.command('pin <id>').description('Keep to this reference, also when a newer one comes')).action(
    (id: string, options: ServiceOptions) => ask(options, 'POST', `/${encodeURIComponent(id)}/pin`, {}),
  );
  withService(command.command('unpin <id>').description('Use the newest reference again')).action(
    (id: string, options: ServiceOptions) => ask(options, 'DELETE', `/${encodeURIComponent(id)}/pin`),
  );
  withService(command.command('rollback').description('Pin the reference that was in use before this one')).action(
    (options: ServiceOptions) => ask(options, 'POST', '/rollback', {}),
  );
  withService(
    command.command('delete <id>').description('Delete a captured reference; one that moves with time begins anew'),
  ).action((id: string, options: ServiceOptions) => ask(options, 'DELETE', `/${encodeURIComponent(id)}`));
}

function withService(command: Command): Command {
  return command
    .option('--url <url>', `the drift service; its token is read from ${TOKEN}`, DEFAULT_URL)
    .option('--model <name or id>', 'which model; not needed where there is one')
    .option('--json', 'print JSON');
}

async function ask(options: ServiceOptions, method: string, path: string, body?: object): Promise<void> {
  const base = options.url.replace(/\/+$/, '');
  const id = await modelId(base, options.model);
  const answer = await request(`${base}/api/v1/models/${encodeURIComponent(id)}/references${path}`, method, body);
  const view: ReferencesResponse = JSON.parse(answer);
  process.stdout.write(options.json === true ? `${JSON.stringify(view, undefined, 2)}\n` : listing(view));
  process.exitCode = exitCodes.ok;
}

async function modelId(base: string, wanted: string | undefined): Promise<string> {
  const { models }: ModelsResponse = JSON.parse(await request(`${base}/api/v1/models`, 'GET'));
  const found = wanted === undefined ? models : models.filter(({ id, name }) => id === wanted || name === wanted);
  const [model] = found;
  if (model !== undefined && found.length === 1) return model.id;
  const known = models.map(({ id, name, version }) => printable(`${name} ${version} (${id})`)).join(', ');
  if (models.length === 0) throw new Error(`${base} has judged no model yet; wait for the end of the first window`);
  throw new Error(
    found.length === 0
      ? `no model is called ${printable(wanted ?? '')}; there are ${known}`
      : `there are several models, say which with --model: ${known}`,
  );
}

async function request(url: string, method: string, body?: object): Promise<string> {
  const token = process.env[TOKEN];
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      // A redirect gets no token.
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && token !== '' && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(error);
    throw new Error(`nothing answers at ${url} (${why}). Start it: driftline serve, or name it: --url`, {
      cause: error,
    });
  }
  const text = await response.text();
  if (response.ok) return text;
  const hint = response.status === 401 || response.status === 403 ? ` (the token is read from ${TOKEN})` : '';
  throw new Error(`${url} answers ${response.status}: ${printable(complaintOf(text))}${hint}`);
}

function complaintOf(text: string): string {
  try {
    const { error }: Partial<ErrorResponse> = JSON.parse(text);
    return error ?? text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}

function listing({ references, capture }: ReferencesResponse): string {
  const rows = references.map((one) => [
    marked(one),
    printable(one.id),
    one.origin?.replace('_', ' ') ?? one.kind,
    one.rows === undefined ? '' : inThousands(one.rows),
    one.createdAt === undefined ? '' : new Date(one.createdAt).toISOString().slice(0, 16),
    one.createdAt === undefined ? '' : age(Date.now() - one.createdAt),
    one.driftedWindows === undefined || one.driftedWindows === 0 ? '' : `${one.driftedWindows} windows with drift`,
  ]);
  const shown =
    references.length === 0 ? '  none yet' : table([['', 'reference', 'from', 'rows', 'created', 'age', ''], ...rows]);
  return `${shown}\n${capture === undefined ? '' : `\n  ${underWay(capture)}\n`}`;
}

function marked({ isInUse, isPinned }: ReferenceSummary): string {
  const state = isInUse ? (isPinned ? 'in use, pinned' : 'in use') : isPinned ? 'pinned' : '';
  return isInUse ? styleText('green', state) : state;
}

function underWay({ wanted, rows, leftOutWindows }: CaptureSummary): string {
  const goal =
    'rows' in wanted
      ? `of ${inThousands(wanted.rows)} rows`
      : `from ${new Date(wanted.from).toISOString()} until ${new Date(wanted.until).toISOString()}`;
  const left = leftOutWindows === 0 ? '' : `; ${leftOutWindows} windows with drift were left out`;
  return `capture under way: ${inThousands(rows)} rows, ${goal}${left}`;
}

function age(ms: number): string {
  const hours = ms / 3_600_000;
  return hours < 48 ? `${Math.max(0, Math.round(hours))} h` : `${Math.round(hours / 24)} d`;
}
