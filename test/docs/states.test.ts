import { FINAL_STATES, LASTING_ATTENTIONS, OPEN_STATES, PASSING_ATTENTIONS } from '../../src/domain/payout';
import { codeSpans, documentNamed, findAll } from './documents';

const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(documentNamed('docs/api.md').text)?.[1] ?? '';
const arrows = [...diagram.matchAll(/^ {4}(\S+) --> ([^\s:]+)(?:: .+)?$/gm)].map(([, from = '', to = '']) => ({
  from,
  to,
}));

test('every line of the diagram is an arrow', () => {
  expect(arrows).toHaveLength(diagram.trimEnd().split('\n').length);
});

test('its states are the open and the final ones', () => {
  const states = new Set(arrows.flatMap(({ from, to }) => [from, to]).filter((state) => state !== '[*]'));
  expect([...states].sort()).toEqual([...OPEN_STATES, ...FINAL_STATES].sort());
});

test('a final state is entered and never left, and an open one is left', () => {
  const leaving = (state: string) => arrows.filter(({ from }) => from === state).map(({ to }) => to);
  for (const state of FINAL_STATES) expect({ state, to: leaving(state) }).toEqual({ state, to: [] });
  for (const state of OPEN_STATES)
    expect({ state, isLeft: leaving(state).length > 0 }).toEqual({ state, isLeft: true });
  for (const state of FINAL_STATES) expect(arrows.filter(({ to }) => to === state).length).toBeGreaterThanOrEqual(1);
  expect(leaving('[*]')).toEqual(['accepted', 'awaiting_details', 'scheduled', 'awaiting_approval']);
});

test('the architecture names every state', () => {
  const named = codeSpans(documentNamed('docs/architecture.md').text);
  expect(named).toEqual(expect.arrayContaining([...OPEN_STATES, ...FINAL_STATES]));
});

test('the runbook explains every attention, and no other', () => {
  const explained = new Set(findAll(documentNamed('docs/runbook/README.md').text, /^- \[`(\w+)`\]/gm));
  const others = ['notification_dead', 'payout_unreadable', 'platform', 'unmatched_callback'];
  expect([...explained].sort()).toEqual([...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS, ...others].sort());
});
