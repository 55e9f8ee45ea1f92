import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureBuilt } from './build';
import type { Child } from './child';
import { findFreePort, LOOPBACK } from './ports';
import { type Postgres, startPostgres } from './postgres';
import { projectRoot } from './project';
import { EMPTY_TEMPORAL_CONFIG } from './stack-environment';
import { findServer, OTHER_PORTS, setUpSchemas, startServer } from './temporal-server';

export interface Topology {
  readonly address: string;
  readonly namespace: string;
  readonly postgres: Postgres;
  /** The server, then its database. */
  readonly stop: () => Promise<void>;
}

/** Ports of the last start first: the server keeps its own address in the database. */
async function choosePorts(file: string): Promise<number[]> {
  let remembered: number[] = [];
  try {
    remembered = JSON.parse(readFileSync(file, 'utf8')) as number[];
  } catch {
    // The first start.
  }
  const taken = new Set<number>();
  for (let nth = 0; nth < OTHER_PORTS.length + 2; nth += 1)
    taken.add(await findFreePort(remembered.slice(nth, nth + 1), taken));
  writeFileSync(file, `${JSON.stringify([...taken])}\n`);
  return [...taken];
}

/**
 * PostgreSQL, its schemas, Temporal's server and a namespace with what payouts need, by the product's own command.
 * @throws Error with the end of the log of what did not come up; everything started before is ended
 */
export async function startTopology(options: {
  readonly dir: string;
  readonly namespace: string;
  readonly say: (line: string) => void;
  readonly onSpawn?: (child: Child) => void;
}): Promise<Topology> {
  const { dir, namespace, say, onSpawn = () => undefined } = options;
  const logDir = path.join(dir, 'logs');
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const [frontend = 0, port = 0, ...others] = await choosePorts(path.join(dir, 'server-ports.json'));
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const [programs] = [await findServer(say), await ensureBuilt()];
    say(`Temporal's server: ${programs.how}`);
    const postgres = await startPostgres({ dir, port, logDir, onSpawn });
    stops.push(postgres.stop);
    say(`PostgreSQL: ${LOOPBACK}:${port}`);
    await setUpSchemas(programs.sqlTool, postgres);
    const ports = { frontend, others };
    const server = await startServer({ programs, postgres, ports, dir, logDir, onSpawn });
    stops.push(() => server.stop(20_000));
    const address = `${LOOPBACK}:${frontend}`;
    say(`Temporal: ${address}`);
    const config = path.join(dir, 'temporal.toml');
    writeFileSync(config, EMPTY_TEMPORAL_CONFIG);
    const command = path.join(projectRoot, 'dist/src/temporal/namespace-command.js');
    const settings = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TEMPORAL_CONFIG_FILE: config };
    const env = { PATH: process.env.PATH, ...settings };
    say((await promisify(execFile)(process.execPath, [command, '--apply'], { env })).stdout.trim());
    return { address, namespace, postgres, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
