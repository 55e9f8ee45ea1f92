import { connect, createServer, type Server, type Socket } from 'node:net';
import { listenOnLoopback } from './listen';

/** Which way bytes go: `out` from the process behind the gate to its server, `back` the other way. */
export type Direction = 'out' | 'back';

/** Stands between one process and the server it talks to, and can hold what goes one way. */
export interface ByteGate {
  readonly port: number;
  /** Bytes of this direction wait here, also those of connections still to come. */
  hold(direction: Direction): void;
  /** Lets the held bytes and all later ones through. */
  release(): void;
  /** Ends every connection, and what was held with it; later ones pass. After a kill: a dead process must not send any more. */
  drop(): void;
  close(): Promise<void>;
}

/**
 * Listens on a free loopback port and passes every connection on. An end or a reset of one side ends the other, so that a killed
 * process looks killed from both sides, and what was held for it is gone.
 */
export async function openByteGate(target: { host: string; port: number }): Promise<ByteGate> {
  const current = new Set<Direction>();
  const pairs = new Set<Record<Direction, Socket>>();

  const server: Server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...target, noDelay: true });
    const pair = { out: near, back: far };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => {
        if (!to.write(bytes)) from.pause();
      });
      to.on('drain', () => {
        if (!current.has(from === near ? 'out' : 'back')) from.resume();
      });
      from.on('error', end).on('close', end);
    }
    for (const direction of current) pair[direction].pause();
  });
  const port = await listenOnLoopback(server);
  const drop = (): void => {
    current.clear();
    for (const { out, back } of [...pairs]) {
      out.destroy();
      back.destroy();
    }
  };

  return {
    port,
    hold(direction) {
      current.add(direction);
      for (const pair of pairs) pair[direction].pause();
    },
    release() {
      current.clear();
      for (const { out, back } of pairs) {
        out.resume();
        back.resume();
      }
    },
    drop,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        drop();
      }),
  };
}
