import { createServer } from 'node:net';

/** Every server of ours listens here: nothing is reachable from another machine. */
export const LOOPBACK = '127.0.0.1';

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

/**
 * A free loopback port: the first of the preferred ones that is free and not taken already, else any.
 *
 * @throws when the system has no free port.
 */
export async function findFreePort(
  preferred: readonly number[],
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  for (const port of preferred) {
    if (!taken.has(port) && (await listenOnce(port)) !== null) return port;
  }
  for (let attempt = 0; attempt < 10; attempt++) {
    const port = await listenOnce(0);
    if (port !== null && !taken.has(port)) return port;
  }
  throw new Error('no free port');
}
