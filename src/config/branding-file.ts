import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { TENANT_PATTERN } from '../domain/tenants';
import { text } from './config-values';
import { ENDPOINT_NAME_PATTERN, type ListFile, type Reading, readListFile } from './list-file';

/** The pages' background colours, on which a payer's colour is shown; the style sheets have them too, and a test compares them. */
export const GROUNDS = { light: '#f4f5f7', dark: '#1b212b' } as const;
/** WCAG 2.2, 1.4.3: contrast of text, level AA. */
const LEAST_CONTRAST = 4.5;
export const MOST_LOGO_BYTES = 65_536;

export interface Logo {
  readonly ending: 'png' | 'svg';
  readonly bytes: Uint8Array;
}

/** Who pays, as Receivers see it. */
export interface Brand {
  readonly name: string;
  /** Null: every tenant that no other entry names. */
  readonly tenants: readonly string[] | null;
  readonly payer: string;
  readonly purpose: string | null;
  /** Null: every endpoint that no other entry names. */
  readonly endpoints: readonly string[] | null;
  readonly colour: string | null;
  readonly darkColour: string | null;
  readonly logo: Logo | null;
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast ratio of two colours like `#1b5fc1`, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const shown = (most: number) => text(new RegExp(`^(?! )[^\\p{C}]{1,${most}}$`, 'u'), `1 to ${most} visible characters`);
const colourOn = (ground: keyof typeof GROUNDS) =>
  text(/^#[0-9a-fA-F]{6}$/, 'a colour like #1b5fc1').refine(
    (colour) => !/^#[0-9a-fA-F]{6}$/.test(colour) || contrastOf(colour, GROUNDS[ground]) >= LEAST_CONTRAST,
    `expected a contrast of at least ${LEAST_CONTRAST} to 1 with ${GROUNDS[ground]}, the ${ground} page`,
  );

const entry = z.strictObject({
  name: text(ENDPOINT_NAME_PATTERN, 'a lower-case letter followed by at most 31 lower-case letters, digits or "-"'),
  payer: shown(60),
  purpose: shown(80).optional(),
  tenants: z
    .array(text(TENANT_PATTERN, 'the name of a tenant'))
    .min(1, 'expected at least one tenant, or no list')
    .optional(),
  endpoints: z
    .array(text(ENDPOINT_NAME_PATTERN, 'the name of an endpoint'))
    .min(1, 'expected at least one endpoint, or no list')
    .optional(),
  colour: colourOn('light').optional(),
  darkColour: colourOn('dark').optional(),
  logo: z.string().min(1, 'expected the path of a file').optional(),
});

/** Reads the file of payers. Never throws. */
export function readBrandingFile(
  file: string,
  {
    endpoints,
    readBytes = readFileSync,
    ...sources
  }: Pick<Reading, 'readFile' | 'secretFiles'> & {
    readonly endpoints: readonly string[];
    readonly readBytes?: (path: string) => Uint8Array;
  },
): ListFile<Brand> {
  const named = new Set<string>();
  const toItems = (read: z.output<typeof entry>, { where, directory, problems }: Reading): Brand[] => {
    if ((read.endpoints ?? []).some((name) => !endpoints.includes(name)))
      problems.push(`${where}: endpoints: expected names of configured endpoints`);
    const covered = (read.tenants ?? ['']).flatMap((tenant) =>
      (read.endpoints ?? ['']).map((name) => `${tenant} ${name}`),
    );
    if (new Set([...named, ...covered]).size < named.size + covered.length)
      problems.push(`${where}: endpoints: expected each endpoint of a tenant once, and one entry without them`);
    for (const each of covered) named.add(each);
    const logo = read.logo === undefined ? null : readLogo(path.resolve(directory, read.logo), readBytes);
    if (logo === null && read.logo !== undefined)
      problems.push(`${where}: logo: expected the path of a PNG or SVG file of at most ${MOST_LOGO_BYTES} bytes`);
    const { name, payer, purpose = null, colour = null, darkColour = null } = read;
    return [
      {
        name,
        tenants: read.tenants ?? null,
        payer,
        purpose,
        endpoints: read.endpoints ?? null,
        colour,
        darkColour,
        logo,
      },
    ];
  };
  const kind = { setting: 'BRANDING_FILE', kind: 'payer', least: 1 } as const;
  return readListFile(file, { ...kind, entry, holdsSecret: () => false, toItems }, sources);
}

/** The kind of a picture is that of its bytes, whatever its file is called. */
function readLogo(file: string, readBytes: (path: string) => Uint8Array): Logo | null {
  try {
    const bytes = readBytes(file);
    if (bytes.length > MOST_LOGO_BYTES) return null;
    const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
    if (start.startsWith('\x89PNG\r\n\x1a\n')) return { ending: 'png', bytes };
    return /^(?:<\?xml[^>]*>)?\s*(?:<!--[^>]*-->\s*)*<svg[\s>]/.test(start) ? { ending: 'svg', bytes } : null;
  } catch {
    return null;
  }
}
