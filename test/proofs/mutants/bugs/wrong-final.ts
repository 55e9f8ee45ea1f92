import type { PlantedBugs } from '../planted-bug';

/** Bugs that could report a final status that is not true. */
export const WRONG_FINALS: PlantedBugs = {
  'doubt-cancelled': {
    rule: 'Only what provably was never sent can be cancelled.',
    find: 'return orderId === null && unconfirmedSinceMs === null;',
    replace: 'return orderId === null;',
    tests: 'operator',
  },
  'doubt-expired': {
    rule: 'What may have been sent before a reset is not ended by a refused or late approval.',
    find: "return isWithoutDoubt(payout) ? settle(payout, settlement) : review(payout, 'outcome_unknown');",
    replace: 'return settle(payout, settlement);',
    tests: 'approvals',
  },
  'word-of-another-order': {
    rule: 'An act that needs approvals is freed by no word about another order.',
    find: 'payout.evidence.filter(isOwn).flatMap',
    replace: 'payout.evidence.flatMap',
    tests: 'approvals',
  },
  'contradiction-unnamed': {
    rule: 'A person who contradicts the gateway names what it said.',
    find: "return order.action === 'approve' ? 'act_overtaken' : 'against_last_word';",
    replace: "return order.action === 'approve' ? 'act_overtaken' : null;",
    tests: 'operator',
  },
  'approves-what-was-overtaken': {
    rule: 'An act is not approved any more once the gateway has contradicted it.',
    find: "return order.action === 'approve' ? 'act_overtaken' : 'against_last_word';",
    replace: "return order.action === 'approve' ? null : 'against_last_word';",
    tests: 'approvals',
  },
  'doubt-refused': {
    rule: 'A refusal after a send in doubt ends nothing: it may be refused for being the second.',
    find: 'payout.unconfirmedSinceMs !== null || payout.evidence.some(saysForbidden)',
    replace: 'payout.evidence.some(saysForbidden)',
    tests: 'operator',
  },
  'unknown-is-final': {
    rule: 'Only the four listed words are final; `unknown` is not.',
    find: 'return (FINAL_STATUSES as readonly string[]).includes(status);',
    replace: "return status === 'unknown' || (FINAL_STATUSES as readonly string[]).includes(status);",
    tests: 'transitions',
  },
  'server-error-is-refusal': {
    rule: 'A 5xx answer to the create call is a doubt.',
    find: "settle: unconfirmed('server_error') },",
    replace: 'settle: refuse },',
  },
  'refusal-with-order-id': {
    rule: 'A refusal that names an order is a doubt: the order exists.',
    find: "settle: unconfirmed('refused_with_order_id', orderIdOf)",
    replace: 'settle: refuse',
  },
  'other-orders-answer': {
    rule: 'An answer that names another order of ours is none.',
    find: "return named !== '' && named !== answer.clientOrderId;",
    replace: "return named === '-' && named !== answer.clientOrderId;",
  },
  'other-orders-status': {
    rule: 'A status of another order never settles a payout.',
    find: "payout.orderId !== null && report.orderId !== payout.orderId) return 'other_order';",
    replace: "payout.orderId === null && report.orderId !== payout.orderId) return 'other_order';",
    tests: 'transitions',
  },
  'amount-ignored': {
    rule: 'Another amount than asked for is left to a person.',
    find: "if (amountDiffers(actual)) return review(actual, 'amount_mismatch');",
    replace: '',
    tests: 'transitions',
  },
  'first-final-overwritten': {
    rule: 'The first final stays, whatever comes later.',
    find: "if (isFinalState(payout.state)) return 'after_final';",
    replace: "if (payout.state === report.status) return 'after_final';",
    tests: 'transitions',
  },
  'late-conflict-silent': {
    rule: 'What contradicts a final calls a person.',
    find: "return differs ? setAttention(noted, 'conflict') : confirmFinal",
    replace: 'return differs ? noted : confirmFinal',
    tests: 'transitions',
  },
  'reversal-is-final': {
    rule: 'A reversal or chargeback says nothing of the payout itself.',
    find: 'return applyEvent(follow(',
    replace: 'return applyPoll(follow(',
    tests: 'transitions',
  },
  'float-amount': {
    rule: 'Amounts are exact decimals, never floating-point numbers.',
    find: 'const minor = new Decimal(amount)',
    replace: 'const minor = new Decimal((Number(amount) * 100).toFixed(15)).div(new Decimal(`1e2`))',
  },
  'cut-reply-is-final': {
    rule: 'A reply that only its connection ended is final only with what a final is checked by.',
    find: 'const isChecked = amount !== null && currency !== null && transactionType !== null;',
    replace: 'const isChecked = amount !== undefined && currency !== undefined && transactionType !== undefined;',
    tests: 'cut-replies',
  },
  'error-about-question-is-status': {
    rule: 'An error about the question is no status of the order.',
    find: "if (reply.read(REPLY.status) !== '') throw new GatewayError('request_refused');",
    replace: "if (reply.read(REPLY.status) !== '') return { found: true, report: readReport(reply, question) };",
  },
  'copy-confirms': {
    rule: 'A final on a callback alone is confirmed by an order status, not by another copy of the callback.',
    find: 'if (!isAnswer(report) || payout.confirmed) return agreed;',
    replace: 'if (payout.confirmed) return agreed;',
    tests: 'transitions',
  },
  'callback-without-control': {
    rule: 'A callback is believed only with its control.',
    find: "if (!isSignedByOne(parts, control, controlKeys)) throw new CallbackRejected('bad_control');",
    replace: 'isSignedByOne(parts, control, controlKeys);',
  },
  'control-prefix': {
    rule: 'The whole control is compared.',
    find: 'return timingSafeEqual(digest(expected), digest(given));',
    replace: 'return timingSafeEqual(digest(expected.slice(0, given.length)), digest(given));',
    tests: 'control|callback',
  },
  'callback-of-other-endpoint': {
    rule: 'A callback counts only on the route of its own endpoint.',
    find: 'const isOurs = message.endpoint === payout.endpoint;',
    replace: 'const isOurs = true;',
    tests: 'payout-callback',
    title: 'is one of another endpoint',
  },
  'callback-settles-alone': {
    rule: 'A callback proves no amount: the order status must agree.',
    find: "return { ...followed, claim, pollingSinceMs: atMs, polling: 'fast' };",
    replace:
      "void claim;\n  return settle(followed, { status: report.status, by: 'callback', confirmed: true, reason: report.reason, atMs });",
    tests: 'transitions',
  },
  'claim-beats-answer': {
    rule: 'A callback settles alone only while the gateway cannot be reached.',
    find: 'if (!claimExpired || claim === null || claim.reached || isInReview(payout)) return open;',
    replace: 'if (!claimExpired || claim === null || isInReview(payout)) return open;',
  },
  'conflict-ignored': {
    rule: 'A callback and an order status that disagree go to a person.',
    find: "if (actual.claim !== null && actual.claim.status !== status) return review(actual, 'conflict');",
    replace: '',
    tests: 'transitions',
  },
  'payload-of-another-payout': {
    rule: 'A payload is opened only in the workflow it was sealed to.',
    find: 'if (owner !== null && !sealedTo.equals(owner))',
    replace: 'if (owner !== null && sealedTo.length === 0)',
  },
};
