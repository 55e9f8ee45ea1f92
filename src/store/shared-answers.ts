import { LruMap } from 'toad-cache';
import { BOUNDS } from '../config/bounds';

/**
 * One answer for everyone who asks the same question at the same time, and for `keepMs` after it came. A failure is given to those
 * who wait for it and not kept.
 */
export function shareAnswers<T>(options: { keepMs: number; now?: () => number; size?: number }) {
  const { keepMs, now = Date.now, size = BOUNDS.sharedAnswers.most } = options;
  const known = new LruMap<{ readonly answer: Promise<T>; untilMs: number }>(size);
  return (question: string, ask: () => Promise<T>): Promise<T> => {
    const found = known.get(question);
    if (found !== undefined && found.untilMs > now()) return found.answer;
    const entry = { answer: ask(), untilMs: Number.POSITIVE_INFINITY };
    known.set(question, entry);
    const forget = () => {
      if (known.get(question) === entry) known.delete(question);
    };
    entry.answer.then(() => {
      entry.untilMs = now() + keepMs;
      if (keepMs === 0) forget();
    }, forget);
    return entry.answer;
  };
}
