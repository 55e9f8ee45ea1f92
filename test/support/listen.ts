import type { Server } from 'node:net';
import { LOOPBACK } from '../../scripts/ports';

/** Listens on a free loopback port and says which. @throws when the system refuses */
export function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}
