import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { followTimeline, formatStep } from '../../scripts/payout-api';

const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
const STEPS = [
  { at: at(0), source: 'caller', what: 'asked', state: 'accepted' },
  { at: at(1), source: 'gateway', what: 'form', state: 'awaiting_receiver' },
  { at: at(3), source: 'poll', what: 'approved', state: 'approved' },
];

let server: Server;
let api: string;
let answers: { status: number; payout: object; steps: number }[];

beforeEach(async () => {
  server = createServer((request, response) => {
    const [answer] = answers;
    const isTimeline = request.url?.endsWith('/timeline');
    if (answers.length > 1 && (isTimeline || answer!.status !== 200)) answers.shift();
    response.statusCode = answer!.status;
    response.end(JSON.stringify(isTimeline ? { steps: STEPS.slice(0, answer!.steps) } : answer!.payout));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));

function follow(lines: string[], timeoutMs = 5000) {
  return followTimeline({
    ...{ api, clientOrderId: 'A', timeoutMs, intervalMs: 1 },
    isDone: ({ outcome }) => outcome !== null,
    print: (line) => lines.push(line),
  });
}

it('prints each step and the form once, over troubles of the API, until the payout is done', async () => {
  const form = { state: 'awaiting_receiver', outcome: null, receiverPage: 'http://form' };
  answers = [
    { status: 200, payout: { state: 'accepted', outcome: null, receiverPage: null }, steps: 1 },
    { status: 503, payout: {}, steps: 0 },
    { status: 200, payout: form, steps: 2 },
    { status: 200, payout: form, steps: 2 },
    { status: 200, payout: { state: 'approved', outcome: 'approved', receiverPage: null }, steps: 3 },
  ];
  const lines: string[] = [];
  expect((await follow(lines))?.outcome).toBe('approved');
  expect(lines.filter((line) => line.includes('http://form'))).toHaveLength(1);
  expect(lines.filter((line) => !line.includes('http://form'))).toEqual(STEPS.map((step) => formatStep(step, at(0))));
});

it('stops at a refusal of the API', async () => {
  answers = [{ status: 404, payout: { code: 'not_found' }, steps: 0 }];
  await expect(follow([])).rejects.toThrow('404 (not_found)');
});

it('gives the payout as last seen when time is up', async () => {
  answers = [{ status: 200, payout: { state: 'processing', outcome: null, receiverPage: null }, steps: 1 }];
  expect((await follow([], 20))?.state).toBe('processing');
});
