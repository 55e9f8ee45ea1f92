import type { PlantedBugs } from '../planted-bug';

/** Bugs that could pay a second time. */
export const PAYS_TWICE: PlantedBugs = {
  'row-paid-twice-after-kill': {
    rule: 'A row of a batch is one payout, however often it is started.',
    find: 'const whole = { ...input, policy, acceptedAtMs: now() };',
    replace:
      'const clientOrderId = (input.request.clientOrderId + now()) as never; const whole = { ...input, request: { ...input.request, clientOrderId }, policy, acceptedAtMs: now() };',
    tests: 'batch-rows',
  },
  'reset-run-sends': {
    rule: 'A payout that was reset, and of which no order is known, is in doubt.',
    find: 'if (!canStillBeSent(payout) || isContradicted(payout)) return noted;',
    replace: 'if (canStillBeSent(payout) || isContradicted(payout)) return noted;',
    tests: 'transitions|operator',
  },
  'call-of-reset-run-sends': {
    rule: 'A call that was open when its run was reset sends nothing in the next run.',
    find: 'if (workflowExecution?.runId !== runId) return RESET;',
    replace: 'void [workflowExecution, runId, RESET];',
  },
  'heartbeat-reply-ignored': {
    rule: 'A call that was cancelled, paused or reset while it probed writes no byte.',
    find: "if (reply.cancelRequested || reply.activityPaused || reply.activityReset) throw new Error('told to stop');",
    replace: 'void reply;',
  },
  'resend-on-doubt': {
    rule: 'A send whose outcome is unknown is followed, never sent again.',
    find: 'return doubt({ ...clearAttention(noted), orderId: noted.orderId ?? orderId }, atMs);',
    replace: 'return { ...clearAttention(noted), notSentAtMs: atMs };',
    tests: 'transitions|next-step',
  },
  'resend-on-lost-call': {
    rule: 'A send that timed out, or whose worker was lost, is in doubt.',
    find: "({ outcome: 'unconfirmed', cause: 'call_lost', orderId: null } as const)",
    replace: "({ outcome: 'not_sent', cause: 'unreachable' } as const)",
  },
  'resend-on-recorded-loss': {
    rule: 'A lost send that was on record is in doubt.',
    find: 'if (recorded) return null;',
    replace: 'void recorded;',
  },
  'broken-send-keeps-its-type': {
    rule: 'What breaks after the first byte is a doubt.',
    find: "throw ApplicationFailure.create({ message: 'a send broke off', type: SEND_BROKEN, nonRetryable: true, cause });",
    replace: 'throw cause ?? SEND_BROKEN;',
  },
  'record-refused-sends': {
    rule: 'A send whose record is refused, fails or is late is not made.',
    find: 'return await Promise.race([record().then(() => true), tooLate]); } catch { return false;',
    replace: 'return await Promise.race([record().then(() => true), tooLate]); } catch { return true;',
  },
  'attempt-after-record-sends': {
    rule: 'An attempt after one that was on record sends nothing, and leaves a doubt.',
    find: 'if (heartbeatDetails !== undefined) return RECORDED_BEFORE;',
    replace: 'void RECORDED_BEFORE;',
  },
  'record-empty': {
    rule: 'The record of a send is part of the failure of its attempt.',
    find: 'recordActivityTaskHeartbeat({ namespace, taskToken, details })',
    replace: 'recordActivityTaskHeartbeat({ namespace, taskToken, ...(details && {}) })',
  },
  'second-attempt': {
    rule: 'The activity that sends has one attempt.',
    find: 'scheduleToStartTimeout: TAKEN_WITHIN_MS,\n    retry: { maximumAttempts: 1 }',
    replace: 'scheduleToStartTimeout: TAKEN_WITHIN_MS,\n    retry: { maximumAttempts: 3 }',
    tests: 'payout-sending',
    title: 'never made again when its worker was lost',
  },
  'probe-ignored': {
    rule: 'An order that the probe finds is adopted, not sent again.',
    find: "if (probe.found) return { outcome: 'adopted', report: probe.report };",
    replace: 'void probe;',
  },
  'probe-unanswered-sends': {
    rule: 'Without an answer to the probe nothing is sent.',
    find: "return { outcome: 'not_sent', cause: CAUSE_OF[noAnswerIn(error)] };",
    replace: '',
  },
  'not-found-resends': {
    rule: '"No such order" proves nothing: the create call may still be on its way.',
    find: "return wasSeen ? setAttention(asked, 'order_not_found') : clearAttention(asked);",
    replace:
      "return wasSeen ? setAttention(asked, 'order_not_found') : { ...clearAttention(asked), state: 'sending', notSentAtMs: atMs };",
    tests: 'transitions|next-step',
  },
  'lost-connection-not-sent': {
    rule: 'A failure after the first byte is a doubt.',
    find: "this.#settle(this.#isSent ? { stage: 'no_answer', cause } : { stage: 'not_sent', cause: 'unreachable' });",
    replace:
      "this.#settle(cause === 'oversized' ? { stage: 'no_answer', cause } : { stage: 'not_sent', cause: 'unreachable' });",
    tests: 'exchange|outcomes',
  },
  'no-answer-not-sent': {
    rule: 'No whole answer to the create call is a doubt.',
    find: "return { outcome: 'unconfirmed', cause: result.cause, orderId: null };",
    replace: "return { outcome: 'not_sent', cause: 'unreachable' };",
  },
  'written-after-deadline': {
    rule: 'The deadline is checked once more right before the bytes are written.',
    find: 'if (this.#options.now() >= this.#options.writeBeforeMs) {',
    replace: 'if (Number.isNaN(this.#options.writeBeforeMs)) {',
    tests: 'exchange|client',
  },
  'frozen-worker-sends': {
    rule: 'An attempt that the server has given up sends nothing.',
    find: 'Math.abs(enteredMs - info.currentAttemptScheduledTimestampMs) < PROMPT_MS;',
    replace: 'enteredMs > 0 || PROMPT_MS > 0;',
    tests: 'send-deadline|activities',
  },
  'id-reused': {
    rule: 'An id that was ever used starts no second payout.',
    find: "workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'FAIL'",
    replace: "workflowIdReusePolicy: 'ALLOW_DUPLICATE', workflowIdConflictPolicy: 'FAIL'",
  },
  'other-request-replayed': {
    rule: 'Another request under a known id is refused with 409.',
    find: 'if (fields.length === 0) return existing;',
    replace: 'if (fields.length >= 0) return existing;',
    tests: 'payouts-routes',
  },
  'known-order-resent': {
    rule: 'Nothing is sent again of which an order is known.',
    find: "if (payout.orderId !== null) return 'order_is_known';",
    replace: '',
  },
  'act-done-twice': {
    rule: 'An operator’s act is done once for its id.',
    find: 'if (isDone(payout, order) || refuseOperator(payout, order) !== null) return payout;',
    replace: 'if (refuseOperator(payout, { ...order, id: order.id.concat("-again") }) !== null) return payout;',
    tests: 'operator',
  },
  'not-found-as-no-payout': {
    rule: 'Only the word that there is no such workflow means that a payout does not exist.',
    find: "return /^namespace\\b/i.test(message) ? 'namespace' : 'outage';",
    replace: "return 'no_workflow';",
  },
  'signal-before-reply-dropped': {
    rule: 'The handler of callbacks takes them from the beginning of the workflow.',
    find: 'inbox.put((current) => recordCallback(current, message, { policy: input.policy, atMs: Date.now() }));',
    replace:
      'inbox.put((current) => current.orderId === null ? current : recordCallback(current, message, { policy: input.policy, atMs: Date.now() }));',
    tests: 'payout-callback',
    title: 'keeps a payout that was about to be sent again from being sent',
  },
  'key-not-needed': {
    rule: 'A start needs a key.',
    find: 'const hasKeys = settings.apiKeys.length > 0;',
    replace: 'const hasKeys = settings.apiKeys.length > 99;',
  },
  'forgotten-is-the-same': {
    rule: 'Another request under a known id is refused, also when the account of the first was forgotten.',
    find: "return isAccountForgotten && fields.length === 0 ? ['destination or receiver'] : fields;",
    replace: 'return fields;',
    tests: 'payouts-routes',
  },
  'act-on-changed-payout': {
    rule: 'An act is done on the payout as it was seen.',
    find: '!namesTag(seen, etagOf(now.payout, now.lateEvents))',
    replace: 'false',
  },
  'unreadable-is-unknown': {
    rule: 'A payout that cannot be read exists: only the server says that there is none.',
    find: "return sendProblem(reply, 'payout_unreadable', UNREADABLE);",
    replace: "return sendProblem(reply, 'not_found', UNREADABLE);",
    tests: 'payout-unreadable',
  },
  'any-failed-send-unsent': {
    rule: 'Only a send whose request could not be decrypted failed before it began; of any other failure it is not known.',
    find: 'if (failureType === PAYLOAD_REFUSED) return',
    replace: "if (typeof failureType === 'string') return",
    tests: 'apply-evidence|recorded',
  },
  'last-details-kept': {
    rule: 'What is sent are the details that moved the payout.',
    find: 'if (isTaken(current, after)) {',
    replace: 'if (isTaken(current, after) || after !== current) {',
    tests: 'payout-receiver',
    title: 'the first of several',
  },
};
