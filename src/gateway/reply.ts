import { GatewayError } from './errors';
import { decodeReplyForm, FormError } from './form';
import { decodeReplyJson } from './json';
import { REPLY } from './protocol';

export type ReplyFormat = 'form' | 'json';

/** Every field of a reply, unknown ones too: the list differs per gate and grows. It may hold account data: never log it. */
export interface Reply {
  readonly allFields: ReadonlyMap<string, string>;
  /** A field's text, '' when it is absent. */
  readonly read: (name: string) => string;
  /** The name of a last value that may have been cut short, or null. */
  readonly openField: string | null;
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Decodes the body of a reply, by its format and not by its content type (form replies call themselves text/html).
 * @throws GatewayError `unreadable` for anything that is no reply: invalid UTF-8, a BOM, HTML, an empty body, no `type` in form mode.
 */
export function decodeReply(body: Uint8Array, format: ReplyFormat): Reply {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    if (text.startsWith(BYTE_ORDER_MARK)) throw new FormError();
    const { fields, openField } =
      format === 'json' ? { fields: decodeReplyJson(text), openField: null } : decodeReplyForm(text);
    if (format === 'form' && !fields.has(REPLY.type)) throw new FormError();
    return { allFields: fields, openField, read: (name) => fields.get(name) ?? '' };
  } catch {
    throw new GatewayError('unreadable');
  }
}
