import type { Payload, PayloadCodec } from '@temporalio/common';
import { readOwner, SEALED_ENCODING } from '../../temporal/payload-codec';
import { type ShownPayload, toDisplay } from './display';

/** A payload in JSON, as Temporal's interface and CLI send it: bytes are base64. What else it holds goes back as it came. */
export interface WirePayload {
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly data?: string | null | undefined;
}

export interface DecodedPage {
  /** One for each that was sent, in that order. */
  readonly payloads: readonly WirePayload[];
  /** The workflows whose payloads were opened, each once: their names are authentic. */
  readonly workflowIds: readonly string[];
  readonly opened: number;
  /** Sealed, and not shown: another namespace or tenant, an unknown key, a damaged one. */
  readonly refused: number;
}

/**
 * Opens the payloads of a page and masks what they show. One that cannot be opened or belongs to another namespace goes back as it came,
 * and so does one that was never sealed: the interface then shows the ciphertext, beside the others decrypted. An error for the whole
 * page would hide them too, and make the interface ask again.
 */
export async function decodePage(
  sent: readonly WirePayload[],
  {
    codec,
    namespace,
    sees,
  }: {
    readonly codec: PayloadCodec;
    readonly namespace: string;
    /** Whether what is sealed to a workflow may be shown to the caller. */
    readonly sees: (workflowId: string) => Promise<boolean>;
  },
): Promise<DecodedPage> {
  const workflowIds = new Set<string>();
  const payloads: WirePayload[] = [];
  let opened = 0;
  let refused = 0;
  for (const payload of sent) {
    const bytes = toBytes(payload);
    if (Buffer.from(bytes.metadata?.encoding ?? []).toString() !== SEALED_ENCODING) {
      payloads.push(payload);
      continue;
    }
    const found = await openOne(bytes, { codec, namespace });
    const shown = found !== null && (await sees(found.workflowId)) ? found : null;
    if (shown === null) refused++;
    else {
      opened++;
      workflowIds.add(shown.workflowId);
    }
    payloads.push(shown?.payload ?? payload);
  }
  return { payloads, workflowIds: [...workflowIds], opened, refused };
}

async function openOne(
  sealed: Payload,
  { codec, namespace }: { codec: PayloadCodec; namespace: string },
): Promise<{ payload: WirePayload; workflowId: string } | null> {
  try {
    const [plain] = await codec.decode([sealed]);
    // Only now is the owner more than a claim.
    const owner = readOwner(sealed);
    if (plain === undefined || owner?.namespace !== namespace) return null;
    return {
      payload: toWire(toDisplay(plain, owner.workflowId)),
      workflowId: owner.workflowId,
    };
  } catch {
    return null;
  }
}

function toBytes({ metadata, data }: WirePayload): Payload {
  const bytes = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const);
  return { metadata: Object.fromEntries(bytes), data: Buffer.from(data ?? '', 'base64') };
}

function toWire({ metadata, data }: ShownPayload): WirePayload {
  const texts = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  return { metadata: Object.fromEntries(texts) as Record<string, string>, data: Buffer.from(data).toString('base64') };
}
