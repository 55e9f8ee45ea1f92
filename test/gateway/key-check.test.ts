import type { StatusAnswer } from '../../src/domain/order-report';
import type { StatusOptions } from '../../src/gateway/client';
import { GatewayError } from '../../src/gateway/errors';
import { checkControlKey } from '../../src/gateway/key-check';

const no = (code: string | null, message: string | null): StatusAnswer => ({ found: false, reason: { code, message } });

/** A gateway by what it says to a key; null is our own. */
async function check(answer: (controlKey: string | null) => StatusAnswer) {
  const asked: { id: string; key: string | null; timeoutMs: number }[] = [];
  const fetchOrderStatus = async (ids: { clientOrderId: string }, options: StatusOptions) => {
    const key = options.controlKey ?? null;
    asked.push({ id: ids.clientOrderId, key, timeoutMs: options.timeoutMs });
    return answer(key);
  };
  return { result: await checkControlKey({ fetchOrderStatus }, 1_000), asked };
}

test.each<[string, (key: string | null) => StatusAnswer, string]>([
  ['another code for wrong keys', (key) => no(key === null ? '5' : '7', 'no'), 'proven'],
  ['another text for wrong keys', (key) => no('1', key === null ? 'Order not found' : 'Invalid control'), 'proven'],
  ['another code, and a text that repeats the key', (key) => no(key === null ? '5' : '7', `key ${key}`), 'proven'],
  ['one answer for all', () => no('1', 'Order not found'), 'unproven'],
  ['one code, and a text that repeats the key: our key may be as wrong', (key) => no('1', `key ${key}`), 'unproven'],
  ['no reason at all', () => no(null, null), 'unproven'],
])('%s', async (_what, answer, expected) => {
  expect((await check(answer)).result).toBe(expected);
});

test('a gateway that does not answer is not judged', async () => {
  const { result, asked } = await check((key) => {
    if (key !== null) throw new GatewayError('no_answer');
    return no('1', 'no');
  });
  expect(result).toBe('unanswered');
  expect(asked).toHaveLength(2);
});

test('asks three times about an order that does not exist, once with our own key', async () => {
  const { asked } = await check(() => no('1', 'no'));
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
  expect(asked[0]?.id).toMatch(/^KeyCheck-[0-9a-f]{24}$/);
  expect(asked.map(({ key }) => key === null)).toEqual([true, false, false]);
  expect(new Set(asked.map(({ key }) => key)).size).toBe(3);
  expect((await check(() => no('1', 'no'))).asked[0]?.id).not.toBe(asked[0]?.id);
});
