/** A tenant is a part of the business whose payouts no other part sees. The one of keys and payouts that name none: */
export const DEFAULT_TENANT = 'default';
export const ALL_TENANTS = '*';
/** Their names are values of a search attribute and of metric labels, which stay unencrypted. */
export const TENANT_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;
/** At most this many tenants: each is a value of metric labels. */
export const MOST_TENANTS = 100;

/** Some tenants, or every one. */
export type Tenants = readonly string[] | typeof ALL_TENANTS;

/** The tenant of a payout, or of what is about one; it is only stored when it is not the default. */
export function tenantOf({ tenant }: { readonly tenant?: string | undefined }): string {
  return tenant ?? DEFAULT_TENANT;
}

/** What stores a tenant: nothing for the default. */
export function storedTenant(tenant: string | undefined): { readonly tenant?: string } {
  return tenant === undefined || tenant === DEFAULT_TENANT ? {} : { tenant };
}

export function includesTenant(tenants: Tenants, tenant: string): boolean {
  return tenants === ALL_TENANTS || tenants.includes(tenant);
}
