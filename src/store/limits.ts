import type { DataConverter } from '@temporalio/client';
import type { LimitClaim } from '../domain/limits';
import { createDecoder } from '../temporal/data-converter';
import { limitWorkflowId, MEMO_LIMIT_USAGE, type PublishedUsage } from '../workflows/limit-messages';
import { PayoutUnreadable } from './errors';
import type { RunReader } from './runs';

export interface LimitReader {
  /** What is used of the limits of a tenant in a currency, a moment behind; null while nothing was ever held. Works with no worker. */
  readUsage(of: Pick<LimitClaim, 'tenant' | 'currency'>): Promise<PublishedUsage | null>;
}

export function createLimitReader(options: {
  readonly runs: RunReader;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
}): LimitReader {
  const { runs, namespace, dataConverter } = options;
  return {
    async readUsage(of) {
      const workflowId = limitWorkflowId(of);
      const payload = (await runs.describe(workflowId))?.memo?.[MEMO_LIMIT_USAGE];
      if (!payload) return null;
      try {
        const [published] = await createDecoder(dataConverter, { namespace, workflowId })([payload]);
        return published as PublishedUsage;
      } catch (error) {
        throw new PayoutUnreadable('what is stored of limits cannot be read', { cause: error });
      }
    },
  };
}
