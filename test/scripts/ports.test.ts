import { createServer } from 'node:net';
import { findFreePort, LOOPBACK } from '../../scripts/ports';

it('takes the first preferred port that is free and not taken, else another', async () => {
  const free = await findFreePort([]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const busy = (server.address() as { port: number }).port;
  expect(await findFreePort([busy, free])).toBe(free);
  expect([busy, free]).not.toContain(await findFreePort([busy, free], new Set([free])));
  server.close();
});
