import { isRecord } from '../is-record.ts';

export const UNKNOWN_ENDPOINT: URL = new URL('https://runtime.sagemaker.amazonaws.com');

type Configuration = Readonly<Record<string, unknown>>;

/** Where an AWS client sends its requests: its own endpoint, else what its rules say of its region. Never rejects. */
export async function endpointOf(client: object): Promise<URL> {
  const config: unknown = Reflect.get(client, 'config');
  if (!isRecord(config)) return UNKNOWN_ENDPOINT;
  try {
    return (await givenEndpoint(config)) ?? (await endpointOfRegion(config)) ?? UNKNOWN_ENDPOINT;
  } catch {
    // No region, for example: the client says so itself.
    return UNKNOWN_ENDPOINT;
  }
}

async function givenEndpoint(config: Configuration): Promise<URL | undefined> {
  const endpoint = await provided(config, 'endpoint');
  if (!isRecord(endpoint)) return undefined;
  const { protocol, hostname, port } = endpoint;
  if (typeof protocol !== 'string' || typeof hostname !== 'string') return undefined;
  return URL.parse(`${protocol}//${hostname}${typeof port === 'number' ? `:${port}` : ''}`) ?? undefined;
}

async function endpointOfRegion(config: Configuration): Promise<URL | undefined> {
  const endpoint = await provided(config, 'endpointProvider', {
    Region: await provided(config, 'region'),
    UseFIPS: await provided(config, 'useFipsEndpoint'),
    UseDualStack: await provided(config, 'useDualstackEndpoint'),
  });
  return isRecord(endpoint) && endpoint['url'] instanceof URL ? endpoint['url'] : undefined;
}

async function provided(config: Configuration, name: string, ...args: readonly unknown[]): Promise<unknown> {
  const provider = config[name];
  return typeof provider === 'function' ? Reflect.apply(provider, config, args) : undefined;
}
