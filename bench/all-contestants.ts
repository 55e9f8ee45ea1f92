import { type Contestant, product, temporalPeer } from './contestants';
import { DBOS } from './dbos';
import { RESTATE } from './restate';

/** Who is measured, in the order of the table. */
export const CONTESTANTS: readonly Contestant[] = [
  product({ name: 'ours' }),
  temporalPeer('temporal-loop', 'loop'),
  temporalPeer('temporal-minimum', 'minimum'),
  temporalPeer('temporal-guarded', 'guarded'),
  temporalPeer('temporal-schedule', 'scheduled'),
  DBOS,
  RESTATE,
  temporalPeer('temporal-noop', 'noop', false),
];
