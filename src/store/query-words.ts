import { ALL_TENANTS, DEFAULT_TENANT, type Tenants } from '../domain/tenants';
import { searchAttributes } from '../workflows/messages';

/** Every value in a query is made of these characters: none can end its quotes. Others throw a RangeError. */
const PLAIN = /^[A-Za-z0-9._:-]{1,200}$/;

export function quote(value: string): string {
  if (!PLAIN.test(value)) throw new RangeError('visibility query: expected letters, digits and . _ : - only');
  return `'${value}'`;
}

export function oneOf(attribute: string, values: readonly string[]): string {
  return `${attribute} IN (${values.map(quote).join(', ')})`;
}

/** The condition that a workflow belongs to one of these tenants, to be put after others; empty for all. The default one is not stored. */
export function andTenants(tenants: Tenants): string {
  if (tenants === ALL_TENANTS) return '';
  const { name } = searchAttributes.tenant;
  const others = tenants.filter((tenant) => tenant !== DEFAULT_TENANT);
  const either = [
    ...(others.length < tenants.length ? [`${name} IS NULL`] : []),
    ...(others.length > 0 ? [oneOf(name, others)] : []),
  ];
  if (either.length === 0) throw new RangeError('tenants: expected at least one');
  const condition = either.join(' OR ');
  return ` AND (${condition})`;
}
