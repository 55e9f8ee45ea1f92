/** Keys that are ours alone. One derived from what others know, such as a control key, would let them make links and open hashes. */
const OWN_KEYS = ['HASH_KEY', 'RECEIVER_LINK_KEYS'] as const;

/** Where there are callers, keys that change with each start would break repeats and links: they have to be set. */
export function findMissingKeys(isSet: (name: string) => boolean): string[] {
  const missing = isSet('API_KEYS') ? OWN_KEYS.filter((name) => !isSet(name)) : [];
  return missing.map((name) => `${name}: is required with API_KEYS; \`npm run keys -- secret\` makes one`);
}

/** What the log says of keys that were made for this process alone. */
export function describeMadeKeys(isSet: (name: string) => boolean): string[] {
  return OWN_KEYS.filter((name) => !isSet(name)).map((name) => `${name}: made for this process, and gone with it`);
}

/** None of our keys may be used for anything else, least of all one that the gateway has too. */
export function findSharedKeys(keys: {
  readonly hashKey: string;
  readonly receiverLinkKeys: readonly string[];
  readonly controlKeys: readonly string[];
}): string[] {
  const { hashKey, receiverLinkKeys, controlKeys } = keys;
  const own = 'expected a key that is not used for anything else';
  return [
    ...(controlKeys.includes(hashKey) ? [`HASH_KEY: ${own}`] : []),
    ...(receiverLinkKeys.some((key) => [hashKey, ...controlKeys].includes(key)) ? [`RECEIVER_LINK_KEYS: ${own}`] : []),
  ];
}
