import { isClientOrderId } from '../../domain/ids';
import { viewPayout } from '../../domain/view';
import { PayoutUnreadable } from '../../store/errors';
import type { ListedPayout } from '../../store/payout-list';
import type { PayoutView } from '../../store/tenant-view';

/** How many payouts are read at once for an export, and no faster than its file is taken. */
export const READ_AT_ONCE = 4;

/** What only the payout itself says: the last columns of a detailed export. */
export const DETAIL_COLUMNS = [
  'actualAmount',
  'actualCurrency',
  'settledBy',
  'confirmed',
  'reasonCode',
  'destination',
  'settledAt',
  'reference',
  'metadata',
] as const;
type Details = Readonly<Record<(typeof DETAIL_COLUMNS)[number], string | null>>;

/** A row with the details of its payout. What cannot be read stays empty, and its `problem` says so. */
export async function addDetails(
  store: Pick<PayoutView, 'read'>,
  row: ListedPayout,
): Promise<ListedPayout & Partial<Details>> {
  if (!isClientOrderId(row.clientOrderId)) return row;
  try {
    const reading = await store.read(row.clientOrderId);
    if (reading === null) return row;
    const { reason, confirmed, reference, metadata, ...payout } = viewPayout(reading.payout);
    const { actualAmount, actualCurrency, settledBy, destination, settledAt } = payout;
    return {
      ...row,
      ...{ actualAmount, actualCurrency, settledBy, destination, settledAt },
      confirmed: String(confirmed),
      reasonCode: reason?.code ?? null,
      reference: reference ?? null,
      metadata: metadata === undefined ? null : JSON.stringify(metadata),
    };
  } catch (error) {
    if (error instanceof PayoutUnreadable) return { ...row, problem: 'unreadable' };
    throw error;
  }
}
