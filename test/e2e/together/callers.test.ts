import { runTogether } from '../../support/run-together';
import { keepSharedTemporal } from '../../support/stack';

let leave: () => Promise<void>;
// It stays while one file after another uses it.
beforeAll(async () => {
  leave = await keepSharedTemporal();
}, 120_000);
afterAll(async () => await leave?.(), 60_000);

runTogether('e2e/callers');
