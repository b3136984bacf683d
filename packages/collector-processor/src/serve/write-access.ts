import { bearerTokens } from '../receive/bearer.ts';
import { isLoopback, type ListenAddress, parseAddress } from '../settings/address.ts';
import type { Settings } from '../settings.ts';
import type { ReferenceApi } from './reference-api.ts';

/** With tokens, those that say so may write; without any, whoever is on this machine and asks for it by its name. */
export function writeAccess(auth: Settings['auth'], listen: ListenAddress): ReferenceApi['writeRefusal'] {
  const tokens = auth === 'none' ? [] : auth.page;
  if (tokens.length > 0) {
    const mayWrite = bearerTokens(tokens.filter(({ access }) => access === 'write'));
    return ({ authorization }) =>
      mayWrite(authorization) === undefined
        ? 'this token may read only; use one with access: write under auth.page'
        : undefined;
  }
  if (!isLoopback(listen)) {
    return () => 'without tokens only loopback may write; add one with access: write under auth.page';
  }
  // A name of somebody else's that was made to point here brings a page of theirs.
  return ({ host }) =>
    isThisMachine(host) ? undefined : 'the host of this request is not this machine; ask for 127.0.0.1 or localhost';
}

/** As the Host header has it, with a port or without. */
function isThisMachine(host: string): boolean {
  const address = parseAddress(host) ?? parseAddress(`${host}:80`);
  return address !== undefined && isLoopback(address);
}
