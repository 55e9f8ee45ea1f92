import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Child, startChild } from '../../scripts/child';
import { findFreePort } from '../../scripts/ports';
import { waitUntil } from '../../scripts/wait-until';

const ROOT = path.join(__dirname, '..', '..');

/** The example of a hook as a process, and a file of policies whose last rule asks it. */
export interface ExampleHook {
  readonly policiesFile: string;
  kill(): Promise<void>;
  /** After `kill`, on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param tenant whose payouts it is asked about */
export async function startExampleHook(rules: string, tenant: string): Promise<ExampleHook> {
  const dir = await mkdtemp(path.join(tmpdir(), 'payouts-hook-'));
  const port = await findFreePort([]);
  const url = `http://127.0.0.1:${port}/`;
  const policiesFile = path.join(dir, 'policies.yaml');
  const rule = `
  - name: names
    match: { tenant: ${tenant} }
    hook:
      url: ${url}
      secretFile: hook.secret
      send: [receiver, destination]
      timeout: 1s
      deadline: 2s
      allowPrivateAddresses: true
`;
  await writeFile(policiesFile, (await readFile(rules, 'utf8')) + rule);
  const secretFile = path.join(dir, 'hook.secret');
  await writeFile(secretFile, `whsec_${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  let child: Child;
  const start = async () => {
    child = await startChild({
      ...{ name: 'hook', command: process.execPath, args: [path.join(ROOT, 'examples', 'hook', 'server.mjs')] },
      ...{ cwd: ROOT, log: path.join(dir, 'hook.log') },
      env: { PATH: process.env.PATH, PORT: String(port), HOOK_SECRET_FILE: secretFile },
    });
    // What is not signed is refused: so it is there.
    const ask = async () =>
      (await fetch(url, { method: 'POST', body: '{}' }).catch(() => null))?.status === 401 || null;
    await waitUntil({ what: 'the hook', ask, timeoutMs: 20_000 });
  };
  const kill = async () => void (await child.stop(0));
  await start();
  return {
    ...{ policiesFile, start, kill },
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
