import path from 'node:path';
import { type DataConverter, defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import type { Logger } from 'pino';
import type { TemporalAddress } from './connection';
import { PayloadRefused } from './failure-converter';
import { createPayloadCodec } from './payload-codec';
import type { PayloadKeys } from './payload-keys';

/** The workflow that payloads belong to: those of its activities, signals, updates, memo and summaries too. */
export interface PayloadOwner {
  readonly namespace: string;
  readonly workflowId: string;
}

/** Recorded payloads of one owner as values. @throws PayloadRefused, or an Error with constant words for one that is no JSON */
export type DecodePayloads = (payloads: readonly Payload[] | null | undefined) => Promise<unknown[]>;

type EncodePayloads = (values: readonly unknown[]) => Promise<Payload[]>;

/** How values cross Temporal, the same for the worker, the API and replay: sealed with keys, unencrypted without. */
export function createDataConverter(keys: PayloadKeys | null): DataConverter {
  return {
    failureConverterPath: path.join(__dirname, 'failure-converter'),
    payloadCodecs: keys === null ? [] : [demandOwner(createPayloadCodec(keys))],
  };
}

/** The SDK names the owner of every payload it has decoded. One without an owner is refused: it could be anyone's. */
function demandOwner(codec: PayloadCodec): PayloadCodec {
  return {
    encode: async (payloads, context) => await codec.encode(payloads, context),
    async decode(payloads, context) {
      if (context === undefined) throw new PayloadRefused('a payload without an owner is not opened');
      return await codec.decode(payloads, context);
    },
  };
}

const REQUIRED = 'PAYLOAD_KEYS: is required: Temporal is on another machine; `npm run keys -- payload` makes one';

/**
 * The data converter of a process. Without keys it starts only with Temporal on loopback, and logs a warning.
 * @throws Error when payloads would leave this machine unencrypted
 */
export function openDataConverter(
  keys: PayloadKeys | null,
  { isLoopback }: Pick<TemporalAddress, 'isLoopback'>,
  log: Pick<Logger, 'warn'>,
): DataConverter {
  if (keys === null && !isLoopback) throw new Error(REQUIRED);
  if (keys === null) log.warn('payloads are NOT encrypted: Temporal stores account data unencrypted; set PAYLOAD_KEYS');
  return createDataConverter(keys);
}

/** Values as payloads of one owner, as the SDK would make them. */
export function createEncoder({ payloadCodecs = [] }: DataConverter, owner: PayloadOwner): EncodePayloads {
  return async (values) => {
    let payloads = values.map((value) => defaultPayloadConverter.toPayload(value));
    for (const codec of payloadCodecs) payloads = await codec.encode(payloads, { type: 'workflow', ...owner });
    return payloads;
  };
}

/** Reads recorded payloads of one owner back, through the same codecs in reverse. */
export function createDecoder({ payloadCodecs = [] }: DataConverter, owner: PayloadOwner): DecodePayloads {
  return async (payloads) => {
    let plain = [...(payloads ?? [])];
    for (const codec of [...payloadCodecs].reverse()) plain = await codec.decode(plain, { type: 'workflow', ...owner });
    return plain.map(readPlain);
  };
}

/** The converter's own errors quote the text they could not read, and would be logged. */
function readPlain(payload: Payload): unknown {
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    throw new Error('expected a recorded payload that can be read');
  }
}
