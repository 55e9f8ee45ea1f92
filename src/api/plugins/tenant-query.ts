import { z } from 'zod';
import { TENANT_PATTERN } from '../../domain/tenants';

/** The filter by tenant that lists and counts have in common. */
export const tenantFilter = z
  .string({ error: 'expected one value' })
  .regex(TENANT_PATTERN, 'expected the name of a tenant')
  .optional()
  .meta({ description: 'One of the tenants that the key may see; all of them if absent' });
export const tenantQuery = z.strictObject({ tenant: tenantFilter });
