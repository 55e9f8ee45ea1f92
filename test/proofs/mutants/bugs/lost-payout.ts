import type { PlantedBugs } from '../planted-bug';

/** Bugs that could lose a payout or what the gateway said of it. */
export const LOST_PAYOUTS: PlantedBugs = {
  'unfinished-task-taken': {
    rule: 'What a workflow task took up that timed out counts as not taken in yet.',
    find: "if (completedTasks.has(event)) recorded.push({ type: 'task_started', atMs });",
    replace: "void completedTasks;\n      recorded.push({ type: 'task_started', atMs });",
    tests: 'recorded-repeated-task',
  },
  'early-callback-dropped': {
    rule: 'A callback that comes before the reply to the create call counts.',
    find: "return isAnswer(report) ? 'answer' : 'claim';",
    replace: `if (report.source === 'callback' && payout.orderId === null) return 'contradicted';
      return isAnswer(report) ? 'answer' : 'claim';`,
    tests: 'transitions|apply-evidence',
  },
  'answered-before-stored': {
    rule: '200 is answered only when Temporal holds the callback.',
    find: 'const delivery = await intake.take({ endpoint, clientOrderId, report });',
    replace:
      "void intake.take({ endpoint, clientOrderId, report }).catch(() => undefined);\n        const delivery = 'signalled' as string;",
    tests: 'callback-storing',
  },
  'outage-swallowed': {
    rule: 'When Temporal cannot be reached the gateway is asked to send it again.',
    find: 'await store.signalCallback(clientOrderId, message);',
    replace: "await store.signalCallback(clientOrderId, message).catch(() => 'taken' as const);",
    tests: 'callback-storing',
  },
  'remembered-before-stored': {
    rule: 'Only a stored callback makes its repeat superfluous.',
    find: 'const storing = deliver(clientOrderId, message);',
    replace: 'delivered.set(key, now());\n      const storing = deliver(clientOrderId, message);',
    tests: 'callback-storing',
  },
  'unmatched-callback-dropped': {
    rule: 'A callback that no running payout takes is kept.',
    find: 'const kept = await store.keepUnmatched(clientOrderId, message);',
    replace: "const kept = 'kept' as 'kept' | 'full';",
    tests: 'callback-storing',
  },
  'repeat-by-unsigned-fields': {
    rule: 'Repeats of a callback are recognised by what is signed, and by whether it is about the payout or an event after it.',
    find: 'return [endpoint, report.orderId, report.status, report.statusText, report.subject]',
    replace:
      'return [endpoint, report.orderId, report.status, report.statusText, report.subject, report.transactionType]',
    tests: 'callback-intake',
  },
  'account-forgotten-early': {
    rule: 'The account is kept while an operator may have the payout sent again.',
    find: 'return payout.orderId === null && !isFinalState(payout.state);',
    replace: "return payout.orderId === null && !isFinalState(payout.state) && payout.state !== 'needs_review';",
    tests: 'hand-over',
  },
  'masked-number-sent': {
    rule: 'What was left of a request is never sent.',
    find: 'if (input.isAccountForgotten) throw',
    replace: 'if (input.isAccountForgotten && input.carried === undefined) throw',
    tests: 'hand-over',
  },
};
