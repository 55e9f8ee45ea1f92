import { LASTING_ATTENTIONS, PASSING_ATTENTIONS } from '../../src/domain/payout';
import { codeSpans, documentNamed, findAll, listFiles, readText } from './documents';

/** Attentions of workflows that are no payouts, what is no attention because it cannot be read, and alerts about no single payout. */
const OTHERS = ['notification_dead', 'platform', 'unmatched_callback', 'payout_unreadable'];
const attentions = [...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS, ...OTHERS].sort();
const pages = listFiles('docs/runbook', ['.md']).filter((name) => !name.endsWith('/README.md'));
const SECTIONS = ['Look at', 'Do'];

test('every attention has a page, and every page an attention', () => {
  expect(pages).toEqual(attentions.map((attention) => `docs/runbook/${attention}.md`));
});

test.each(pages)('%s says what it is, how it ends, what to look at, what to do and what never to do', (page) => {
  const text = readText(page);
  expect(text.split('\n')[0]).toBe(`# ${page.replace('docs/runbook/', '').replace('.md', '')}`);
  expect(findAll(text, /^## (.+)$/gm)).toEqual(SECTIONS);
  expect(text).toMatch(/\bends\b[\s\S]*\n## Look at\n/);
  expect(text).toMatch(/\n\*\*Never\*\* [\s\S]*\.\n$/);
  expect(findAll(text, /^(- .+|\d\. .+)$/gm).length).toBeGreaterThanOrEqual(3);
});

test('the index leads to every page, and operating to the index and to every page of a payout', () => {
  const linked = (name: string, prefix: string) =>
    [...new Set(findAll(documentNamed(name).text, new RegExp(`\\]\\(${prefix}([a-z_]+)\\.md\\)`, 'g')))].sort();
  expect(linked('docs/runbook/README.md', '')).toEqual(attentions);
  expect(documentNamed('docs/operating.md').text).toContain('(runbook/README.md)');
});

test('acts named on the pages are routes that exist', () => {
  const acts = codeSpans(pages.map(readText).join('\n'))
    .filter((span) => span.startsWith('POST '))
    .map((span) => span.split('/').at(-1));
  expect([...new Set(acts)].sort()).toEqual(['acknowledge', 'approve', 'cancel', 'check', 'resend']);
});
