export { lateEvents } from './late-events';
export { notification } from './notification';
export { payout } from './payout';
export { unmatchedCallback } from './unmatched-callback';
