/** Temporal did not answer in time or is not there: nothing is known to have happened, and nothing may be promised. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
}
