import { readGiven } from '../../bench/modes/mode';
import { RATES } from '../../bench/modes/rates';
import { chooseContestants, runBench } from '../../bench/run';

const OPTIONS = { payouts: 3, polls: [1], rounds: 1, everyMs: 1_000, kills: 0, waiting: 0 };

it('the product and its peers on Temporal pay each payout once, and the ledger agrees', async () => {
  const names = ['ours', 'temporal-loop', 'temporal-minimum'];
  const contestants = chooseContestants(names.join());
  const { cells, notRun } = await runBench({ ...OPTIONS, contestants }, () => undefined);
  expect(notRun).toEqual({});
  const paid = { payouts: 3, orders: 3, paidTwice: 0, neverSent: 0, notFinal: 0 };
  expect(cells.map(({ contestant, verdict }) => [contestant, verdict])).toEqual(names.map((name) => [name, paid]));
  // Everything in the table was measured.
  for (const { postMs, finalMs, events, actions, statusCalls } of cells) {
    expect([postMs.length, finalMs.length]).toEqual([3, 3]);
    expect([events, actions, statusCalls].every((figure) => Number(figure) > 0)).toBe(true);
  }
}, 300_000);

it('a worker that is killed loses no payout and pays none twice', async () => {
  const contestants = chooseContestants('ours');
  const { kills } = await runBench({ ...OPTIONS, polls: [], kills: 1, contestants }, () => undefined);
  expect(kills).toMatchObject([{ contestant: 'ours', kills: 1, payouts: 5, paidTwice: 0 }]);
  for (const { orders, neverSent, notFinal, forPerson } of kills) {
    // On record and perhaps not sent: that is for a person.
    expect({ payouts: orders + neverSent, notFinal }).toEqual({ payouts: 5, notFinal: forPerson });
  }
}, 300_000);

it('closed payouts are read and called back at a rate, and the ledger agrees', async () => {
  const given = readGiven({ payouts: '4', seconds: '1', rate: '10' });
  const { figures } = await RATES.run(given, { say: () => undefined, keep: () => undefined });
  const verdict = { payouts: 4, orders: 4, paidTwice: 0, neverSent: 0, notFinal: 0 };
  expect(figures).toMatchObject({ verdict, measured: Array.from({ length: 4 }, () => ({ requests: 10 })) });
}, 300_000);
