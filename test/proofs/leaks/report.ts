import { countBy, joinCounts } from '../counts';
import type { Marker } from './marker';
import type { Outcome } from './run';
import type { Hit } from './search-all';

/** One line for each kind of hit: what stood where, in which form, how often, without the value, which may be a key that works. */
export function describeHits(hits: readonly Hit[]): string[] {
  const lines = countBy(hits, ({ place, name, marker, form }) => {
    // The name of a place may itself be what leaked, such as a workflow id.
    const kind = marker.kind === 'elsewhere' ? '' : `, ${marker.kind}`;
    return `${place}: ${marker.field}${kind} (${form}) in ${name.replaceAll(marker.value, '…')}`;
  });
  return [...lines].map(([line, times]) => `${line}, ${times} times`);
}

/** The figures of a run, a line each. */
export function describeOutcome({ markers, figures, idsByPlace, hits, states, dumps }: Outcome): string[] {
  const found = countBy(hits, ({ place }) => place);
  return [
    `markers planted: ${markers.length}`,
    ...[...countKinds(markers)].map(([kind, planted]) => `planted, ${kind}: ${planted}`),
    ...Object.entries(figures).map(([name, value]) => `${name}: ${value}`),
    `ends: ${joinCounts(countBy(states.values(), (state) => state))}`,
    ...[...idsByPlace].map(
      ([place, ids]) => `hits in ${place}: ${found.get(place) ?? 0} (ids, which may stand there: ${ids})`,
    ),
    `dumps: ${dumps.length}`,
  ];
}

/** How many markers were planted of each kind. */
export const countKinds = (markers: readonly Marker[]) => countBy(markers, ({ kind }) => kind);
