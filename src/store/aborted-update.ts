import { TemporalUnavailable } from './temporal-unavailable';

const TRIES = 5;

/**
 * An update is aborted when its workflow task is done again, as when something else is heard while the payout ends. Its id makes it one
 * act however often it is sent.
 * @throws TemporalUnavailable when it is aborted every time
 */
export async function repeatAborted<T>(update: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      return await update();
    } catch (error) {
      if (!(error instanceof TemporalUnavailable) || error.trouble !== 'aborted') throw error;
    }
  }
  throw new TemporalUnavailable('aborted');
}
