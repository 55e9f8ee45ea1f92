import { existsSync, readFileSync } from 'node:fs';
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

it('gives no port twice while the process that asked for it runs, even if nothing listens on it yet', async () => {
  // Two that know nothing of each other, and are dealt the same chance.
  jest.doMock('node:crypto', () => ({ ...jest.requireActual('node:crypto'), randomInt: () => 0 }));
  const load = () => {
    jest.resetModules();
    return require('../../scripts/ports') as typeof import('../../scripts/ports');
  };
  const askers = [load(), load()];
  const ports: number[] = [];
  for (let nth = 0; nth < 10; nth += 1)
    ports.push(...(await Promise.all(askers.map((asker) => asker.findFreePort([])))));
  expect(ports).toHaveLength(20);
  expect(new Set(ports).size).toBe(20);
});

it('gives no port that the system may give to a connection meanwhile', async () => {
  const range = '/proc/sys/net/ipv4/ip_local_port_range';
  const firstOfSystem = existsSync(range) ? Number(readFileSync(range, 'utf8').split(/\s/)[0]) : 49_152;
  for (let nth = 0; nth < 50; nth += 1) expect(await findFreePort([])).toBeLessThan(firstOfSystem);
});
