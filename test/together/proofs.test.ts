import { runTogether } from '../support/run-together';

runTogether('proofs');
