import { createPointBoard, labelPoint, POINTS } from '../points';

test('points are numbered in the order of the table', () => {
  expect(labelPoint('before_bytes')).toBe('K1 before_bytes');
  expect(labelPoint('temporal_at_signal')).toBe(`K${POINTS.length} temporal_at_signal`);
});

test('an armed point is taken once, by who can meet it', () => {
  const board = createPointBoard();
  board.arm('after_bytes');
  expect(board.take(['before_start'])).toBeNull();
  expect(board.take(['before_start', 'after_bytes'])).toBe('after_bytes');
  expect(board.take(['after_bytes'])).toBeNull();
  expect(board.counts().size).toBe(0);
});

test('a point given back is armed again; one acted on is counted', () => {
  const board = createPointBoard();
  board.arm('bytes_held');
  board.giveBack(board.take(['bytes_held']) ?? 'after_bytes');
  expect(board.take(['bytes_held'])).toBe('bytes_held');
  board.count('bytes_held');
  expect(board.counts().get('bytes_held')).toBe(1);
});
