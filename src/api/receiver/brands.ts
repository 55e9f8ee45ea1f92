import { createHash } from 'node:crypto';
import type { Brand } from '../../config/branding-file';
import type { Payout } from '../../domain/payout';
import { tenantOf } from '../../domain/tenants';

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

/** The payers of the configuration: the one of a tenant at an endpoint, and their style sheets and logos, which are all that is served of them. */
export interface Brands {
  of(payout: Pick<Payout, 'endpoint' | 'tenant'>): ShownBrand | null;
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
  const shown = brands.map(({ endpoints, tenants, payer, purpose, logo, ...colours }) => {
    const style = writeStyle(colours);
    const brand: ShownBrand = {
      payer,
      purpose,
      style: style === '' ? null : keep('css', Buffer.from(style)),
      logo: logo === null ? null : keep(logo.ending, Buffer.from(logo.bytes)),
    };
    return { endpoints, tenants, brand };
  });
  return {
    of(payout) {
      const fitting = shown.filter(
        ({ tenants, endpoints }) =>
          (tenants?.includes(tenantOf(payout)) ?? true) && (endpoints?.includes(payout.endpoint) ?? true),
      );
      // The most specific entry; a tenant counts more than an endpoint.
      const rankOf = ({ tenants, endpoints }: (typeof shown)[number]) =>
        (tenants === null ? 0 : 2) + (endpoints === null ? 0 : 1);
      return fitting.sort((left, right) => rankOf(right) - rankOf(left))[0]?.brand ?? null;
    },
    file: (name) => files.get(name) ?? null,
  };
}

/** A separate style sheet: the pages allow no inline styles. */
function writeStyle({ colour, darkColour }: Pick<Brand, 'colour' | 'darkColour'>): string {
  const light = colour === null ? '' : `:root{--accent:${colour}}`;
  // The light colour was checked on the light page only.
  const neutral = 'var(--accent-dark)';
  return light === '' && darkColour === null
    ? ''
    : `${light}@media(prefers-color-scheme:dark){:root{--accent:${darkColour ?? neutral}}}`;
}
