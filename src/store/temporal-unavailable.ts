import type { Trouble } from '../temporal/call-failure';

/** Temporal did not answer, or cannot as it is set up: nothing is known to have happened, and nothing may be promised. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
  readonly trouble: Trouble;
  constructor(trouble: Trouble = 'outage') {
    super(trouble);
    this.trouble = trouble;
  }
}
