import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/project';
import { contrastOf, GROUNDS, MOST_LOGO_BYTES, readBrandingFile } from '../../src/config/branding-file';

const FILE = '/etc/payouts/branding.json';
const SVG = Buffer.from('<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>');
const PNG = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1');
const FILES: Readonly<Record<string, Uint8Array>> = {
  '/etc/payouts/logo.svg': SVG,
  '/etc/payouts/logo.png': PNG,
  '/etc/payouts/most.png': Buffer.concat([PNG, Buffer.alloc(MOST_LOGO_BYTES - PNG.length)]),
  '/etc/payouts/large.png': Buffer.concat([PNG, Buffer.alloc(MOST_LOGO_BYTES - PNG.length + 1)]),
  '/etc/payouts/page.svg': Buffer.from('<html><svg></svg></html>'),
};
const ENTRY = { name: 'shop', payer: 'Example Shop' };

function read(entries: unknown) {
  return readBrandingFile(FILE, {
    readFile: () => JSON.stringify(entries),
    readBytes: (file) => {
      const bytes = FILES[file];
      if (bytes === undefined) throw new Error('no such file');
      return bytes;
    },
    secretFiles: [],
    endpoints: ['default', 'sepa'],
  });
}

it('a payer needs a name and nothing more', () => {
  const nothing = { purpose: null, tenants: null, endpoints: null, colour: null, darkColour: null, logo: null };
  expect(read([ENTRY])).toEqual({ problems: [], items: [{ ...ENTRY, ...nothing }] });
});

it('may have a purpose, endpoints, colours and a logo beside the file', () => {
  const full = { ...ENTRY, purpose: 'Your sales', endpoints: ['sepa'], colour: '#0B5D1E', darkColour: '#7fd99a' };
  const { items, problems } = read([
    { ...full, logo: 'logo.svg' },
    { ...ENTRY, name: 'rest', logo: '/etc/payouts/most.png' },
  ]);
  expect(problems).toEqual([]);
  expect(items).toMatchObject([
    { ...full, logo: { ending: 'svg', bytes: SVG } },
    { name: 'rest', endpoints: null, logo: { ending: 'png' } },
  ]);
});

const LOGO = `expected the path of a PNG or SVG file of at most ${MOST_LOGO_BYTES} bytes`;
it.each([
  ['payer', { payer: '' }, 'expected 1 to 60 visible characters'],
  ['payer', { payer: 'x'.repeat(61) }, 'expected 1 to 60 visible characters'],
  ['payer', { payer: 'Example\u202e' }, 'expected 1 to 60 visible characters'],
  ['purpose', { purpose: 'x'.repeat(81) }, 'expected 1 to 80 visible characters'],
  ['endpoints', { endpoints: ['elsewhere'] }, 'expected names of configured endpoints'],
  ['endpoints', { endpoints: [] }, 'expected at least one endpoint, or no list'],
  ['colour', { colour: 'red' }, 'expected a colour like #1b5fc1'],
  ['colour', { colour: '#ffcc00' }, 'expected a contrast of at least 4.5 to 1 with #f4f5f7, the light page'],
  ['darkColour', { darkColour: '#1b5fc1' }, 'expected a contrast of at least 4.5 to 1 with #1b212b, the dark page'],
  ['logo', { logo: 'none.png' }, LOGO],
  ['logo', { logo: 'large.png' }, LOGO],
  ['logo', { logo: 'page.svg' }, LOGO],
  ['slogan', { slogan: 'x' }, 'expected no field of this name'],
])('%s out of bounds is named with what was expected: %j', (field, change, expected) => {
  expect(read([{ ...ENTRY, ...change }]).problems).toEqual([
    `BRANDING_FILE ${FILE}: payer shop: ${field}: ${expected}`,
  ]);
});

it('an endpoint has one payer', () => {
  const twice = [
    { ...ENTRY, endpoints: ['sepa'] },
    { ...ENTRY, name: 'other', endpoints: ['default', 'sepa'] },
  ];
  const apart = [
    ENTRY,
    { ...ENTRY, name: 'other', tenants: ['shops'] },
    { ...ENTRY, name: 'third', endpoints: ['sepa'] },
  ];
  expect(read(apart).problems).toEqual([]);
  for (const entries of [twice, [ENTRY, { ...ENTRY, name: 'other' }]])
    expect(read(entries).problems).toEqual([
      `BRANDING_FILE ${FILE}: payer other: endpoints: expected each endpoint of a tenant once, and one entry without them`,
    ]);
});

it('contrast is that of WCAG, and the grounds are those of the pages', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
  expect(contrastOf('#1b5fc1', '#1b5fc1')).toBe(1);
  const [light = '', dark = ''] = readFileSync(path.join(projectRoot, 'web/receiver/receiver.css'), 'utf8').split(
    '@media (prefers-color-scheme: dark)',
  );
  expect(light).toContain(`--ground: ${GROUNDS.light};`);
  expect(dark).toContain(`--card: ${GROUNDS.dark};`);
  const colourIn = (css: string, name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1] ?? '';
  expect(contrastOf(colourIn(light, 'accent'), GROUNDS.light)).toBeGreaterThanOrEqual(4.5);
  expect(contrastOf(colourIn(light, 'accent-dark'), GROUNDS.dark)).toBeGreaterThanOrEqual(4.5);
});
