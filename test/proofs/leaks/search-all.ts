import { addTo, type Counts } from '../counts';
import type { Marker } from './marker';
import type { Written } from './places';
import { maySee } from './planted';
import { createSearcher, type Finding } from './searcher';

/** A marker where it may not stand. */
export interface Hit extends Finding {
  readonly place: string;
  readonly name: string;
}

/** Seeks the markers, and the prefix of the payouts' ids, in everything that was written or said. */
export function searchAll(
  markers: readonly Marker[],
  { written, prefix }: { written: readonly Written[]; prefix: string },
) {
  const searcher = createSearcher(markers);
  const ids = createSearcher([
    { field: 'clientOrderId', value: prefix, sought: [prefix], kind: 'elsewhere', of: null },
  ]);
  const hits: Hit[] = [];
  /** How often the ids of the payouts, which stand in clear, were found in each kind of place. */
  const idsByPlace = new Map<string, number>();
  for (const each of written) {
    const { place, name, bytes } = each;
    for (const finding of searcher.search(bytes))
      if (!mayBeHere(finding.marker, each)) hits.push({ ...finding, place, name });
    addTo(idsByPlace, place, ids.search(bytes).length);
  }
  // A place without any was not searched. Metrics name no payout.
  const unsearched = [...idsByPlace.keys()].filter((place) => idsByPlace.get(place) === 0 && place !== 'metrics');
  return { markers, hits, idsByPlace: idsByPlace as Counts, unsearched };
}

/** True for a marker that this audience may see, of its own payout. */
function mayBeHere({ kind, of }: Marker, { audience = null, of: about = null }: Written): boolean {
  return audience !== null && maySee(kind, audience) && (of === null || of === about);
}
