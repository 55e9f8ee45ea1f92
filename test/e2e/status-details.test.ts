import type { Client } from '@temporalio/client';
import { codeSpans, documentNamed, sectionOf, tableRows } from '../docs/documents';
import { startPayout } from '../support/payouts';
import { PATIENT } from '../support/quick';
import { type Stack, startStack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

const filters = tableRows(sectionOf(documentNamed('docs/operating.md').text, 'Search attributes'))
  .map(([what = '', filter = '']) => ({ what, filter: codeSpans(filter)[0] ?? '' }))
  .filter(({ filter }) => / (=|<|IN|IS) /.test(filter));
const filterOf = (what: string) => {
  const row = filters.find((candidate) => candidate.what === what);
  if (row === undefined) throw new Error(`no filter to find ${what}`);
  return row.filter;
};

describe('the cockpit in Temporal', () => {
  let stack: Stack;
  let client: Client;
  const found = async (query: string) => {
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    return ids.sort();
  };

  beforeAll(async () => {
    stack = await startStack({ ...PATIENT, temporal: 'shared' });
    client = await connectClient(stack);
  }, 120_000);
  afterAll(async () => {
    await client?.connection.close();
    await stack?.stop();
  }, 60_000);

  test('every filter of the documents is one the server takes', async () => {
    expect(filters.length).toBeGreaterThanOrEqual(14);
    const refused: string[] = [];
    for (const { filter } of filters) {
      await client.workflow.count(filter).catch(() => refused.push(filter));
    }
    expect(refused).toEqual([]);
  }, 60_000);

  test('the list shows who needs a person, who waits for the Receiver, and until when', async () => {
    const reviewed = await startPayout(stack, 'C-amount', '712');
    const receiver = await startPayout(stack, 'C-form', '321');
    const done = await startPayout(stack, 'C-done');
    await reviewed.until('to need review', ({ state }) => state === 'needs_review');
    await receiver.until('to wait for the form', ({ state }) => state === 'awaiting_receiver');
    await done.until('to end', ({ outcome }) => outcome === 'approved');

    const when = (what: string, ids: readonly string[]) =>
      stack.waitFor(what, async () => ((await found(filterOf(what))).join() === ids.join() ? ids : null));
    await when('payouts that need a person', ['payout:C-amount']);
    await when('payouts in review', ['payout:C-amount']);
    await when("waiting for the gateway's form", ['payout:C-form']);
    expect(await found(filterOf('stuck: past every deadline'))).toEqual([]);

    const deadlines = async (id: string) =>
      (await client.workflow.getHandle(`payout:${id}`).describe()).searchAttributes.NextDeadline ?? [];
    expect([await deadlines('C-amount'), await deadlines('C-done')]).toEqual([[], []]);
    expect(await deadlines('C-form')).toEqual([expect.any(Date)]);
  }, 90_000);
});
