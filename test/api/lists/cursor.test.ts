import fc from 'fast-check';
import { CURSOR_MAX_LENGTH, createCursors } from '../../../src/api/lists/cursor';
import { HASH_KEY } from '../app-harness';
import { EVERYTHING } from './fake-visibility';

const POSITION = { startUs: 1_795_416_299_459_295, workflowId: `payout:P${'x'.repeat(127)}`, spanUs: 60_000_000 };
const cursors = createCursors(HASH_KEY);

it('is read back, and fits into a URL', () => {
  const text = cursors.write(POSITION, EVERYTHING);
  expect(cursors.read(text, EVERYTHING)).toEqual(POSITION);
  expect(text).toMatch(/^[\w.-]+$/);
  expect(text.length).toBeLessThanOrEqual(CURSOR_MAX_LENGTH);
});

it('is none under another filter, or another key', () => {
  const text = cursors.write(POSITION, EVERYTHING);
  expect(cursors.read(text, { ...EVERYTHING, currency: 'EUR' })).toBeNull();
  expect(createCursors('k'.repeat(32)).read(text, EVERYTHING)).toBeNull();
});

it('is none when one character of it is another, missing or too many', () => {
  const text = cursors.write(POSITION, EVERYTHING);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('', 'A', 'b', '.', '-', 'é'), (at, other) => {
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      fc.pre(changed !== text);
      expect(cursors.read(changed, EVERYTHING)).toBeNull();
      expect(cursors.read(`${text}${other}.`, EVERYTHING)).toBeNull();
    }),
  );
  for (const text of ['', '.', 'x', 'x.y', '..']) expect(cursors.read(text, EVERYTHING)).toBeNull();
});
