import type { FastifyPluginAsync } from 'fastify';
import { BOUNDS } from '../../config/bounds';
import type { PayoutList } from '../../store/payout-list';
import type { PayoutStore } from '../../store/payouts';
import type { EndpointDirectory } from '../endpoints';
import { createShares } from '../plugins/shares';
import type { ReceiverLinks } from '../receiver/receiver-links';
import { eventRoutes } from './event-routes';
import { listRoutes } from './list-routes';
import { readRoutes } from './read-routes';
import { startRoutes } from './start-routes';

/** The payouts that callers start, read, list and follow. */
export function payoutRoutes(deps: {
  readonly store: PayoutStore;
  readonly list: PayoutList;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly links: ReceiverLinks;
  readonly now: () => number;
}): FastifyPluginAsync {
  return async (app) => {
    const waits = createShares({ most: BOUNDS.waits.most, perCaller: BOUNDS.waitsPerCaller.most });
    await app.register(startRoutes({ ...deps, waits }));
    await app.register(readRoutes({ ...deps, waits }));
    await app.register(listRoutes(deps));
    await app.register(eventRoutes(deps));
  };
}
