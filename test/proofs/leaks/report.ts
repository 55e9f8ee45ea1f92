import type { Marker } from './marker';
import type { Kind } from './planted';
import type { Outcome } from './run';
import type { Hit } from './search-all';

/** One line for each kind of hit: what stood where, in which form, how often, without the value, which may be a key that works. */
export function describeHits(hits: readonly Hit[]): string[] {
  const lines = new Map<string, number>();
  for (const { place, name, marker, form } of hits) {
    // The name of a place may itself be what leaked, such as a workflow id.
    const kind = marker.kind === 'elsewhere' ? '' : `, ${marker.kind}`;
    const line = `${place}: ${marker.field}${kind} (${form}) in ${name.replaceAll(marker.value, '…')}`;
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return [...lines].map(([line, times]) => `${line}, ${times} times`);
}

/** The figures of a run, a line each. */
export function describeOutcome({ markers, figures, idsByPlace, hits, states, dumps }: Outcome): string[] {
  const byPlace = new Map<string, number>([...idsByPlace.keys()].map((place) => [place, 0]));
  for (const { place } of hits) byPlace.set(place, (byPlace.get(place) ?? 0) + 1);
  const ends = new Map<string, number>();
  for (const state of states.values()) ends.set(state, (ends.get(state) ?? 0) + 1);
  return [
    `markers planted: ${markers.length}`,
    ...[...countKinds(markers)].map(([kind, planted]) => `planted, ${kind}: ${planted}`),
    ...Object.entries(figures).map(([name, value]) => `${name}: ${value}`),
    `ends: ${[...ends].map(([state, times]) => `${state} ${times}`).join(', ')}`,
    ...[...byPlace].map(
      ([place, times]) => `hits in ${place}: ${times} (ids, which may stand there: ${idsByPlace.get(place)})`,
    ),
    `dumps: ${dumps.length}`,
  ];
}

/** How many markers were planted of each kind. */
export function countKinds(markers: readonly Marker[]): ReadonlyMap<Kind, number> {
  const counts = new Map<Kind, number>();
  for (const { kind } of markers) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
