import fc from 'fast-check';
import { CURSOR_MAX_LENGTH, createCursors } from '../../../src/api/payouts/cursor';
import { HASH_KEY } from '../app-harness';

/** As a SQL store gives it. */
const TOKEN = new Uint8Array(
  Buffer.from(
    '{"CloseTime":"2026-11-28T19:04:59.746197Z","StartTime":"2026-11-28T19:04:59.554124Z","RunID":"01a2238b-e1a2-71e2-abd9-2fda7ddf0b39"}',
  ),
);
const cursors = createCursors(HASH_KEY);

it('is read back, and fits into a URL', () => {
  const text = cursors.write(TOKEN, {});
  expect(cursors.read(text, {})).toEqual(TOKEN);
  expect(text).toMatch(/^[\w.-]+$/);
  expect(text.length).toBeLessThanOrEqual(CURSOR_MAX_LENGTH);
});

it('is none under another filter, or another key', () => {
  const text = cursors.write(TOKEN, {});
  expect(cursors.read(text, { currency: 'EUR' })).toBeNull();
  expect(createCursors('k'.repeat(32)).read(text, {})).toBeNull();
});

it('is none when one character of it is another, missing or too many', () => {
  const text = cursors.write(TOKEN, {});
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('', 'A', 'b', '.', '-', 'é'), (at, other) => {
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      fc.pre(changed !== text);
      expect(cursors.read(changed, {})).toBeNull();
      expect(cursors.read(`${text}${other}.`, {})).toBeNull();
    }),
  );
  for (const text of ['', '.', 'x', 'x.y', '..']) expect(cursors.read(text, {})).toBeNull();
});
