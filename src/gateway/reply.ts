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
  /** The names of values that may have been cut short. */
  readonly openFields: ReadonlySet<string>;
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
    const { fields, openFields } =
      format === 'json' ? { fields: decodeReplyJson(text), openFields: new Set<string>() } : decodeReplyForm(text);
    if (format === 'form' && !fields.has(REPLY.type)) throw new FormError();
    return { allFields: fields, openFields, read: (name) => fields.get(name) ?? '' };
  } catch {
    throw new GatewayError('unreadable');
  }
}
