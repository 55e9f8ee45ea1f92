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

/** The product with a feature switched off or on, as far as its configuration goes: search attributes cannot be switched off. */
export const ABLATION: readonly Contestant[] = [
  product({ name: 'ours-plain', isSealed: false }),
  product({ name: 'ours-signed-status', more: { GATEWAY_STATUS_API: 'v4' } }),
  product({ name: 'ours-notified', notifies: true }),
];
