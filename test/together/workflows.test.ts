import { runTogether } from '../support/run-together';
import { type SkippedTime, startSkippedTime } from '../workflows/skipped-time';

let time: SkippedTime;
// The server stays while one file after another uses it.
beforeAll(async () => {
  time = await startSkippedTime();
}, 180_000);
afterAll(async () => await time?.close());

runTogether('workflows');
