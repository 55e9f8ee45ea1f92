import { createHash } from 'node:crypto';
import type { Brand } from '../../config/branding-file';

/** Who pays, as a page shows it; paths are relative to the base of the pages. */
export interface ShownBrand {
  readonly payer: string;
  readonly purpose: string | null;
  readonly style: string | null;
  readonly logo: string | null;
}

export interface BrandFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The payers of the configuration: the one of an endpoint, and the files of their looks, which are all that is served of them. */
export interface Brands {
  of(endpoint: string): ShownBrand | null;
  file(name: string): BrandFile | null;
}

const TYPES = { css: 'text/css; charset=utf-8', png: 'image/png', svg: 'image/svg+xml' } as const;

export function createBrands(brands: readonly Brand[]): Brands {
  const files = new Map<string, BrandFile>();
  const keep = (ending: keyof typeof TYPES, body: Buffer): string => {
    const name = `${createHash('sha256').update(body).digest('hex').slice(0, 16)}.${ending}`;
    files.set(name, { type: TYPES[ending], body });
    return `brand/${name}`;
  };
  const shown = brands.map(({ endpoints, payer, purpose, logo, ...colours }) => {
    const style = writeStyle(colours);
    const brand: ShownBrand = {
      payer,
      purpose,
      style: style === '' ? null : keep('css', Buffer.from(style)),
      logo: logo === null ? null : keep(logo.ending, Buffer.from(logo.bytes)),
    };
    return { endpoints, brand };
  });
  return {
    of: (endpoint) =>
      (
        shown.find(({ endpoints }) => endpoints?.includes(endpoint)) ??
        shown.find(({ endpoints }) => endpoints === null)
      )?.brand ?? null,
    file: (name) => files.get(name) ?? null,
  };
}

/** A sheet of its own: the pages allow no style within them. */
function writeStyle({ colour, darkColour }: Pick<Brand, 'colour' | 'darkColour'>): string {
  const light = colour === null ? '' : `:root{--accent:${colour}}`;
  // The light colour was checked on the light page only.
  const neutral = 'var(--accent-dark)';
  return light === '' && darkColour === null
    ? ''
    : `${light}@media(prefers-color-scheme:dark){:root{--accent:${darkColour ?? neutral}}}`;
}
