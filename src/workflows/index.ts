export { notification } from './notification';
export { payout } from './payout';
export { lateCallback, orphanCallback } from './stray-callbacks';
