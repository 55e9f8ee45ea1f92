import { createBatcher } from '../../src/temporal/batcher';

interface Call {
  readonly place: string;
  readonly orders: readonly number[];
  readonly end: (answers: readonly string[]) => void;
  readonly fail: (error: Error) => void;
}

function makeBatcher(most = 100) {
  const calls: Call[] = [];
  const run = (place: string, orders: readonly number[]) =>
    new Promise<readonly string[]>((end, fail) => void calls.push({ place, orders, end, fail }));
  return { calls, give: createBatcher({ run, most }) };
}
const turns = async () => {
  for (let nth = 0; nth < 5; nth += 1) await new Promise(setImmediate);
};

it('what comes while a call is under way goes together with the next, and each gets its own answer', async () => {
  const { calls, give } = makeBatcher();
  const first = give('A', 1);
  await turns();
  const others = [give('A', 2), give('A', 3)];
  await turns();
  expect(calls.map(({ orders }) => orders)).toEqual([[1]]);
  calls[0]?.end(['one']);
  expect(await first).toBe('one');
  await turns();
  expect(calls.map(({ orders }) => orders)).toEqual([[1], [2, 3]]);
  calls[1]?.end(['two', 'three']);
  expect(await Promise.all(others)).toEqual(['two', 'three']);
});

it('what comes at once is one call, places wait for no other, and a call has at most so many', async () => {
  const { calls, give } = makeBatcher(2);
  const all = [give('A', 1), give('A', 2), give('A', 3), give('B', 4)];
  await turns();
  expect(calls.map(({ place, orders }) => [place, ...orders])).toEqual([
    ['A', 1, 2],
    ['B', 4],
  ]);
  calls[1]?.end(['four']);
  calls[0]?.end(['one', 'two']);
  await turns();
  calls[2]?.end(['three']);
  expect(await Promise.all(all)).toEqual(['one', 'two', 'three', 'four']);
});

it('a call that fails, or leaves an order without an answer, fails for all of its orders and for no others', async () => {
  const { calls, give } = makeBatcher();
  const failed = [give('A', 1), give('A', 2)].map((order) => order.catch((error: Error) => error.message));
  await turns();
  const next = give('A', 3);
  const short = give('B', 4).catch((error: Error) => error.message);
  await turns();
  calls[0]?.fail(new Error('no answer'));
  calls[1]?.end([]);
  expect(await Promise.all([...failed, short])).toEqual([
    ...['no answer', 'no answer'],
    'expected an answer to each order',
  ]);
  await turns();
  calls[2]?.end(['three']);
  expect(await next).toBe('three');
});
