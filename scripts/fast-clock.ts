/**
 * Durations that make every path end within seconds. All of them are settings that anyone may set: time itself is as it is. Payouts
 * ask as often as once a second, and give up within seconds where the defaults take days.
 */
export const FAST_PRODUCT = {
  POLL_PLAN: JSON.stringify([
    { every: '1s', until: '8s' },
    { every: '1s', until: '16s' },
  ]),
  UNCONFIRMED_BACKOFF: JSON.stringify({ gaps: ['1s', '1s', '1s', '2s'], every: '2s', until: '9s' }),
  CONFIRM_WITHIN: '2s',
  GATEWAY_TIMEOUT: '2s',
};

/** The same for the simulator: `PATCH /control/settings`. */
export const FAST_SIMULATOR = {
  processingMs: 1_500,
  callbackDelayMs: 200,
  slowMs: 10_000,
  hangMs: 4_000,
  lateMs: 4_000,
  // Late enough to find the payout ended, on a slow machine too.
  reversalDelayMs: 4_000,
  unknownMs: 2_500,
  callbackFirstGapMs: 500,
  callbackTimeoutMs: 8_000,
};
