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
    find: "return approversOf(payout).includes(person) ? 'already_approved' : null;",
    replace: 'return null;',
    tests: 'approvals',
  },
  'sends-before-its-time': {
    rule: 'Nothing is sent before its executeAt.',
    find: 'atMs < schedule.executeAtMs',
    replace: 'atMs < schedule.executeAtMs - 60_000',
  },
  'sends-though-the-hook-is-silent': {
    rule: 'A hook that says nothing in time holds the payout for a person.',
    find: 'askHook(hookQuestion(gate.hook, complete, known)).then(take, () => take(null));',
    replace: "askHook(hookQuestion(gate.hook, complete, known)).then(take, () => take({ verdict: 'allow' }));",
    tests: 'payout-hook',
  },
  'sends-what-the-hook-holds': {
    rule: 'Only an "allow" lets a payout go on.',
    find: "case 'hold':\n    case 'unusable':\n    case undefined: {",
    replace:
      "case 'hold':\n    case 'unusable':\n    case undefined: {\n      if (answer) return { ...noted, gate: { ...gate, word: { verdict: 'allow', atMs } } };",
    tests: 'apply-hook',
  },
  'sends-on-an-old-word': {
    rule: 'An "allow" is good for an hour, and a resend asks again.',
    find: 'return advance(forgetWord({ ...holdingAnew(noted), attention: null, notSentAtMs: null }), atMs);',
    replace: 'return advance({ ...holdingAnew(noted), attention: null, notSentAtMs: null }, atMs);',
    tests: 'apply-hook',
  },
  'any-page-is-a-verdict': {
    rule: 'A page that is no verdict never counts as one.',
    find: "if (text.mediaType !== 'application/json') return unusable('content_type');",
    replace: '',
    tests: 'hook-activities',
  },
  'requester-approves-own-batch': {
    rule: 'The person who asked for a batch never approves it.',
    find: "if (person === terms.gate?.requester) return 'own_request';",
    replace: '',
    tests: 'approvals',
  },
  'cancelled-batch-leaves-rows': {
    rule: 'A batch that is cancelled cancels all that it started, recorded or not.',
    find: "if (record.state === 'cancelled' && cancelling !== undefined && hasBegun) {",
    replace: "if (record.state === 'cancelled' && cancelling !== undefined && record.progress.next > 1) {",
    tests: 'batch',
    title: 'before anything is recorded',
  },
  'starts-rows-after-a-freeze': {
    rule: 'A process that stood still starts no further row: the batch may be cancelled.',
    find: 'stopping.aborted || context.cancellationSignal.aborted || wasFrozen()',
    replace: 'stopping.aborted || context.cancellationSignal.aborted',
    tests: 'batch-activities',
  },
  'approves-what-was-not-seen': {
    rule: 'An approval of a batch names the content that was seen.',
    find: "if (order.contentHash !== terms.contentHash) return 'other_content';",
    replace: '',
    tests: 'approvals',
  },
  'pays-what-was-not-approved': {
    rule: 'The rows that are started are those that were approved.',
    find: '(await hashContent(head)) !== head.contentHash',
    replace: '(await hashContent(head)) === null',
    tests: 'batch-activities',
  },
  'row-approved-by-too-few': {
    rule: 'A row counts as approved only when its batch has all approvals, and by the same rule.',
    find: "approval?.because === 'rule' && rules.includes(approval.rule) && approvedBy.length >= Math.max(needed, 1)",
    replace: 'true',
    tests: 'batch-gate',
  },
};
