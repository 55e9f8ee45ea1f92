import type { Hand, Member } from './fleet';
import type { PointBoard, PointName } from './points';

/**
 * Lets the victim meet the point it has reached, from this moment on; resolves when it runs again. False, and the point is armed
 * again, when the victim is disturbed already.
 */
export async function meet(
  { board, point, victim }: { board: PointBoard; point: PointName; victim: Member },
  disturbance: (hand: Hand) => Promise<void>,
): Promise<boolean> {
  let isMet = true;
  try {
    isMet = await victim.disturb(async (hand) => {
      board.count(point);
      await disturbance(hand);
    }, true);
  } catch {
    // It could not be started again: its next turn tries once more, and the verdict counts an end that nobody asked for.
  }
  if (!isMet) board.giveBack(point);
  return isMet;
}
