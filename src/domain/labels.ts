/** What a caller keeps with a payout for its own use: nothing of it reaches the gateway or the Receiver. JSON-safe. */
export interface Labels {
  /** For the books. */
  readonly reference?: string;
  /** To search by, so stored unencrypted. */
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

export const LABEL_BOUNDS = {
  reference: 64,
  tags: 10,
  tag: 32,
  metadataKeys: 20,
  metadataKey: 40,
  metadataValue: 500,
  /** Of all metadata as JSON: it is stored with the payout's result and with each of its notifications. */
  metadataBytes: 4_096,
} as const;

/** Only the labels that were given, tags in order and each once: a payout without labels has not one field more. */
export function labelsOf({ reference, tags = [], metadata = {} }: Labels): Labels & { readonly tags?: string[] } {
  return {
    ...(reference === undefined ? {} : { reference }),
    ...(tags.length === 0 ? {} : { tags: [...new Set(tags)].sort() }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}
