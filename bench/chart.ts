import { nameBlock, round, type Summary } from './summary';

const PARTS = [
  { name: 'server', color: '#1f4e79', read: (each: Summary) => each.serverMs },
  { name: 'worker', color: '#2e9e6b', read: (each: Summary) => each.workerMs },
  { name: 'API', color: '#e0a030', read: (each: Summary) => each.apiMs },
] as const;

const [WIDTH, LABELS, BARS, ROW, HEAD] = [760, 170, 480, 22, 44];

const escapeText = (text: string) => text.replace(/[<&]/g, (char) => (char === '<' ? '&lt;' : '&amp;'));

/** One panel for each number of polls, a bar for each contestant: CPU per payout by process, each panel on its own scale. */
export function drawChart(summaries: readonly Summary[], title: string): string {
  const polls = [...new Set(summaries.map((each) => each.polls))];
  let y = HEAD + 24;
  const panels = polls.map((count) => {
    const rows = summaries.filter((each) => each.polls === count);
    const most = Math.max(...rows.map(({ cpuMs }) => cpuMs ?? 0), 1);
    const heading = `<text x="10" y="${y}" class="h">${nameBlock(count)}</text>`;
    y += 8;
    const bars = rows.map((row) => {
      let x = LABELS;
      const parts = PARTS.map(({ color, read }) => {
        const width = (BARS * (read(row) ?? 0)) / most;
        const bar = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 6}" fill="${color}"/>`;
        x += width;
        return bar;
      });
      const [textY, end] = [y + ROW - 10, (x + 6).toFixed(1)];
      const text = `<text x="${LABELS - 8}" y="${textY}" text-anchor="end">${escapeText(row.contestant)}</text>`;
      y += ROW;
      return [text, ...parts, `<text x="${end}" y="${textY}">${round(row.cpuMs ?? 0)} ms</text>`].join('');
    });
    y += 28;
    return [heading, ...bars].join('\n');
  });
  const legend = PARTS.map(
    ({ name, color }, nth) =>
      `<rect x="${LABELS + nth * 90}" y="30" width="12" height="12" fill="${color}"/><text x="${LABELS + 18 + nth * 90}" y="40">${name}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    '<style>text{font:12px sans-serif;fill:#222}.h{font-weight:bold}</style>',
    `<rect width="${WIDTH}" height="${y}" fill="#fff"/>`,
    `<text x="10" y="20" class="h">${escapeText(title)}</text>`,
    ...legend,
    ...panels,
    '</svg>\n',
  ].join('\n');
}
