import type { PlantedBugs } from '../planted-bug';

/** Bugs that send what is not to be sent yet. */
export const UNAPPROVED: PlantedBugs = {
  'requester-approves-own': {
    rule: 'The person who asked for a payout never approves it.',
    find: "if (person === payout.gate?.requester || person === actOf(payout)?.person) return 'own_request';",
    replace: '',
    tests: 'approvals',
  },
  'person-counts-twice': {
    rule: 'A person with two keys approves once.',
    find: "return hasApproved ? 'already_approved' : null;",
    replace: 'return null;',
    tests: 'approvals',
  },
  'sends-before-its-time': {
    rule: 'Nothing is sent before its executeAt.',
    find: 'atMs < schedule.executeAtMs',
    replace: 'atMs < schedule.executeAtMs - 60_000',
  },
};
