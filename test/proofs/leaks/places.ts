import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { findTemporal } from '../../../scripts/temporal-bin';
import type { Stack } from '../../support/stack';
import { withClient } from '../../support/temporal-client';
import type { Audience } from './planted';

/** Something that was written, or said to somebody. */
export interface Written {
  /** Kind of place, for the figures. */
  readonly place: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Who sees it; without one, no marker may be here in clear. */
  readonly audience?: Audience | null;
  /** The payout it is about. */
  readonly of?: string | null;
}

/** What Temporal holds of every workflow, as its API gives it: payloads as raw bytes. */
export function readTemporal(stack: Stack): Promise<{ written: Written[]; eventCount: number }> {
  return withClient(stack, async (client) => {
    const listed = await listAll(client, stack.namespace);
    const written: Written[] = [{ place: 'list', name: 'list', bytes: gatherBytes(listed) }];
    let eventCount = 0;
    for (const { execution } of listed) {
      const workflowId = execution?.workflowId ?? '';
      const history = await client.workflow.getHandle(workflowId, execution?.runId ?? undefined).fetchHistory();
      eventCount += history.events?.length ?? 0;
      written.push({ place: 'history', name: workflowId, bytes: gatherBytes(history) });
      written.push(await describe(client, stack.namespace, workflowId));
    }
    return { written, eventCount };
  });
}

async function listAll(client: Client, namespace: string) {
  const listed = [];
  let nextPageToken: Uint8Array | null = null;
  do {
    const page: Awaited<ReturnType<typeof client.workflowService.listWorkflowExecutions>> =
      await client.workflowService.listWorkflowExecutions({ namespace, pageSize: 1_000, nextPageToken });
    listed.push(...(page.executions ?? []));
    nextPageToken = page.nextPageToken ?? null;
  } while (nextPageToken !== null && nextPageToken.length > 0);
  return listed;
}

/** `describe` of a payout that runs: its pending activities with the failures of their last attempts. */
export function describeRunning(stack: Stack, clientOrderId: string): Promise<Written> {
  return withClient(stack, (client) => describe(client, stack.namespace, `payout:${clientOrderId}`));
}

async function describe(client: Client, namespace: string, workflowId: string): Promise<Written> {
  const answer = await client.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
  return { place: 'describe', name: workflowId, bytes: gatherBytes(answer) };
}

/** What the command line of Temporal prints: payloads in base64. */
export async function askCommandLine(stack: Stack, clientOrderIds: readonly string[]): Promise<Written[]> {
  const { path: binary } = await findTemporal();
  const written: Written[] = [];
  for (const id of clientOrderIds) {
    for (const command of ['show', 'describe']) {
      const args = ['workflow', command, '-w', `payout:${id}`, '-o', 'json', '--address', stack.temporalAddress];
      const { stdout, stderr } = await promisify(execFile)(binary, args, { maxBuffer: 1e8 });
      written.push({ place: 'command line', name: `${command} ${id}`, bytes: Buffer.from(stdout + stderr) });
    }
  }
  return written;
}

/** The files of a stack: logs, and Temporal's database with what lies beside it. The gateway's own log and ledger, and keys, are not ours. */
export function readFiles(stack: Stack, moment: string): Written[] {
  const ours = readdirSync(stack.dir).filter((file) => /^((api|worker|temporal)\.log$|temporal\.db)/.test(file));
  return ours.map((file) => ({
    ...{ place: file.endsWith('.log') ? 'log' : 'database', name: `${file} ${moment}` },
    ...{ audience: file === 'api.log' ? 'log' : null, bytes: readFileSync(path.join(stack.dir, file)) },
  }));
}

/** Reports and dumps that a process of ours left when it died. */
export function listDumps(stack: Stack): string[] {
  const found = (folder: string) => readdirSync(folder).filter((file) => /^core(\.|$)|^report\..*\.json$/.test(file));
  return [...found(stack.dir), ...found(process.cwd())];
}

/** Every text and every run of bytes of a decoded message, one after the other. */
export function gatherBytes(message: unknown): Buffer {
  const parts: Uint8Array[] = [];
  const gather = (value: unknown): void => {
    if (typeof value === 'string') parts.push(Buffer.from(value));
    else if (value instanceof Uint8Array) parts.push(value);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        parts.push(Buffer.from(name));
        gather(part);
      }
    } else return;
    parts.push(Buffer.from('\n'));
  };
  gather(message);
  return Buffer.concat(parts);
}
