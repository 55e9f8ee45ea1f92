import { runTogether } from '../../support/run-together';

runTogether('e2e/payouts');
