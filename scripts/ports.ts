import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimFile, OwnedError } from './ownership';
import { identifyProcess } from './process-identity';

/** All our servers listen here: nothing is reachable from another machine. */
export const LOOPBACK = '127.0.0.1';

/**
 * Ports that no system assigns by itself to a connection or to a listener on port 0 (Linux: from 32768, others from 49152, sandboxes
 * from 16000). One of those could be gone between the moment it was found free and the moment it is used.
 */
const FIRST_PORT = 11_000;
const PORTS = 5_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Reserves a port against other processes of this user that use this function, while this process runs. */
function claimPort(port: number): boolean {
  const folder = path.join(tmpdir(), `payout-ports-${process.getuid?.() ?? 'any'}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    claimFile(path.join(folder, String(port)), identifyProcess(process.pid));
    return true;
  } catch (error) {
    if (error instanceof OwnedError) return false;
    throw error;
  }
}

/**
 * A free loopback port: the first of the preferred ones that is free and not taken already, else any that was never given out while
 * those it was given to run. No one else gets it while this process runs, even if it is released and used again.
 *
 * @throws when there is no free port.
 */
export async function findFreePort(
  preferred: readonly number[],
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  for (const port of preferred) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  const start = randomInt(PORTS);
  for (let nth = 0; nth < PORTS; nth++) {
    const port = FIRST_PORT + ((start + nth) % PORTS);
    if (!taken.has(port) && claimPort(port) && (await isFree(port))) return port;
  }
  throw new Error('no free port');
}
