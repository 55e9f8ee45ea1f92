import { makePayloadKey } from '../../scripts/payload-key';
import { readPayloadKeys } from '../../src/temporal/payload-keys';

it('is an entry the product reads, named by its day, and another one each time', () => {
  const entries = [1, 2, 3].map(() => makePayloadKey(new Date('2026-11-23T23:59:59Z')));
  for (const entry of entries) expect(readPayloadKeys(entry).activeId).toMatch(/^2026-11-23-[0-9a-f]{4}$/);
  expect(new Set(entries.map((entry) => entry.split(':')[1])).size).toBe(3);
});
