import type { PlantedBugs } from '../planted-bug';

/** Bugs that show account data to somebody else. */
export const LEAKS: PlantedBugs = {
  'redirect-followed': {
    rule: 'No redirect is followed: account data go to the configured gateway only.',
    find: 'const result = await exchange(dispatcher, exchangeOptions);',
    replace:
      "const follow = require('undici').interceptors.redirect({ maxRedirections: 3 });\n    const result = await exchange(dispatcher.compose(follow), exchangeOptions);",
    tests: 'outcomes|client',
  },
  'destination-unmasked': {
    rule: 'Of an account or card number only the masked tail is shown.',
    find: 'return number.length >= 8 ?',
    replace: 'if (number.length >= 8) return number;\n  return number.length >= 8 ?',
    tests: 'payout-request|payout',
  },
  'account-in-reason': {
    rule: 'Account numbers in a text of the gateway are blacked out.',
    find: "replacePrintedIbans(hidden, () => '••••')",
    replace: 'hidden',
    tests: 'report',
  },
  'repeat-of-another-caller': {
    rule: 'Another caller learns that the id is taken, and nothing more.',
    find: 'existing.madeBy !== caller',
    replace: 'existing.madeBy === null',
  },
  'tenant-sees-anothers': {
    rule: 'A payout of another tenant is like one that does not exist.',
    find: 'return found !== null && includesTenant(tenants, ownerOf(found)) ? found : null;',
    replace: 'return found;',
    tests: 'tenants',
  },
  'tenant-lists-anothers': {
    rule: 'Lists, counts and the queue are of the tenants that the caller sees.',
    find: "const condition = either.join(' OR ');",
    replace: "const condition = 'StartTime IS NOT NULL';",
    tests: 'tenants',
  },
  'tenant-gets-anothers-notifications': {
    rule: 'A subscriber gets the events of its own tenant alone.',
    find: 'tenant === tenantOf(payout) &&',
    replace: '',
    tests: 'notification-activities|endpoints',
  },
  'revoked-key-goes-on': {
    rule: 'A key that is taken away is refused, and ends its session and its streams.',
    find: 'if (of !== keys()) {',
    replace: 'if (of === null) {',
    tests: 'callers|session',
  },
  'token-expiry-unsigned': {
    rule: 'The time until which a link works is part of what its MAC covers.',
    find: "['receiver page', clientOrderId, expiry].join('~')",
    replace: 'clientOrderId',
  },
  'entered-details-of-another-payout': {
    rule: 'What a Receiver entered, sealed in their page, opens for their payout only.',
    find: '=> Buffer.from(clientOrderId);',
    replace: "=> Buffer.from(clientOrderId === '' ? clientOrderId : '');",
    tests: 'sealed-form',
  },
  'link-given-to-another-caller': {
    rule: 'A link of the Receiver goes to the caller that made the payout, with payouts:write, and to no one else.',
    find: ' && caller.name === madeBy',
    replace: '',
    tests: 'link-matrix',
  },
};
