// Made by `npm run clients`; do not edit.

export type PayoutRequest = {
  /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
  readonly clientOrderId: string;
  /** If absent, the first endpoint that accepts the currency */
  readonly endpoint?: string;
  /** Decimal text in major units, with at most as many decimals as the currency has */
  readonly amount: string;
  /** ISO 4217 code */
  readonly currency: string;
  /** What the payout is for; sent to the gateway and shown to the Receiver */
  readonly description?: string;
  /** Purpose of the payment, where the gateway asks for one */
  readonly purpose?: string;
  /** The person paid. Endpoints differ in the fields they require */
  readonly receiver?: {
    /** First name */
    readonly firstName?: string;
    /** Last name */
    readonly lastName?: string;
    /** E-mail address */
    readonly email?: string;
    /** Phone number */
    readonly phone?: string;
    /** IPv4 or IPv6 address of the Receiver */
    readonly ipAddress?: string;
    /** Street and house number */
    readonly address?: string;
    /** City */
    readonly city?: string;
    /** Postal code */
    readonly zipCode?: string;
    /** ISO 3166-1 code of two letters */
    readonly country?: string;
    /** State or province, as two capital letters or digits */
    readonly state?: string;
    /** Date of birth as YYYYMMDD */
    readonly birthday?: string;
  };
  /** Required, unless the Receiver is asked for it */
  readonly destination?: {
    /** Its kind, which determines the other fields */
    readonly type: 'bank_account';
    /** Blanks are dropped, and so are dots and dashes in an IBAN or between digits. What looks like an IBAN must be valid */
    readonly accountNumber: string;
    /** Name of the bank */
    readonly bankName?: string;
    /** Branch of the bank */
    readonly bankBranch?: string;
    /** Name of the account holder, if it is not the Receiver */
    readonly accountName?: string;
    /** National code of the bank */
    readonly bankCode?: string;
    /** Street of the bank */
    readonly bankAddress?: string;
    /** Postal code of the bank */
    readonly bankZipCode?: string;
    /** City of the bank */
    readonly bankCity?: string;
    /** Province of the bank */
    readonly bankProvince?: string;
    /** Area of the bank */
    readonly bankArea?: string;
    /** Routing number of the bank */
    readonly routingNumber?: string;
  } | {
    /** Its kind, which determines the other fields */
    readonly type: 'card';
    /** 12 to 19 digits with a correct check digit; never stored unencrypted */
    readonly cardNumber: string;
    /** Name on the card */
    readonly cardHolder?: string;
    /** Two digits, from 01 to 12 */
    readonly expiryMonth?: string;
    /** Four digits */
    readonly expiryYear?: string;
  } | {
    /** Its kind, which determines the other fields */
    readonly type: 'card_ref';
    /** The gateway's reference of a card that it knows from an earlier order, instead of a card number */
    readonly cardRefId: string;
  };
  /** Ask the Receiver for the destination, on `receiverPage`; leave out `destination` */
  readonly collect?: 'receiver';
  /** How long the Receiver may take; only with `collect` */
  readonly expiresIn?: string;
  /** When to send, at most a year ahead */
  readonly executeAt?: string;
  /** The zone of an `executeAt` without offset */
  readonly timeZone?: string;
  /** Further fields that the endpoint is configured to accept, by name */
  readonly extraFields?: Readonly<Record<string, string>>;
  /** Your reference for the books; never shown to the Receiver */
  readonly reference?: string;
  /** To find payouts by, with `tag=`; stored unencrypted, so no names and no account data */
  readonly tags?: readonly (string)[];
  /** What you want back with the payout, encrypted where it is stored: at most 20 keys and 4096 bytes as JSON */
  readonly metadata?: Readonly<Record<string, string>>;
};

export type OperatorAct = {
  /** Why; it is shown in the timeline, so no account data belongs in it */
  readonly reason: string;
};

export type OperatorReschedule = {
  /** Why; it is shown in the timeline, so no account data belongs in it */
  readonly reason: string;
  /** When to send, at most a year ahead */
  readonly executeAt: string;
  /** The zone of an `executeAt` without offset */
  readonly timeZone?: string;
};

export type OperatorResolution = {
  /** Why; it is shown in the timeline, so no account data belongs in it */
  readonly reason: string;
  /** The final state that you found out, or `processing` to have the payout followed again */
  readonly outcome: 'approved' | 'declined' | 'error' | 'processing';
  /** The `lastWord` of the timeline, where the outcome contradicts it: paid, or not paid */
  readonly against?: 'approved' | 'declined' | 'filtered' | 'error';
};

export type Payout = {
  /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
  readonly clientOrderId: string;
  /** Whose payout it is */
  readonly tenant: string;
  /** Where the payout is now. `unconfirmed` and `needs_review` are open: never pay again because of them */
  readonly state: 'awaiting_details' | 'awaiting_approval' | 'scheduled' | 'accepted' | 'sending' | 'unconfirmed' | 'processing' | 'awaiting_receiver' | 'needs_review' | 'approved' | 'declined' | 'filtered' | 'error' | 'rejected' | 'cancelled' | 'expired';
  /** The final state; null while the payout is open */
  readonly outcome: 'approved' | 'declined' | 'filtered' | 'error' | 'rejected' | 'cancelled' | 'expired' | null;
  /** Of an approved payout: whether its money came back later; `outcome` stays. Null for any other */
  readonly settlement: 'paid' | 'partially_returned' | 'returned' | null;
  /** Why a person should look; null once a person has acknowledged it */
  readonly attention: 'gateway_unreachable' | 'gateway_unreadable' | 'gateway_forbids' | 'endpoint_paused' | 'endpoint_not_served' | 'limit_reached' | 'hook_held' | 'hook_unanswered' | 'unlisted_status' | 'order_not_found' | 'redirect_unusable' | 'approval_blocked' | 'act_awaits_approval' | 'outcome_unknown' | 'deadline_passed' | 'conflict' | 'amount_mismatch' | 'order_id_mismatch' | 'other_transaction' | 'post_payout_event' | 'never_confirmed' | 'not_followed' | 'ended_in_error' | 'adopted_unseen' | null;
  /** Who last acknowledged the attention of a closed payout, and their note */
  readonly acknowledged: {
    /** When it happened */
    readonly at: string;
    /** The name of their API key */
    readonly by: string;
    /** Why; it is shown in the timeline, so no account data belongs in it */
    readonly reason: string;
  } | null;
  /** Who reported the final state first; null while the payout is open */
  readonly settledBy: 'submission' | 'poll' | 'callback' | 'operator' | 'clock' | 'policy' | null;
  /** False while a final state is based on a callback alone; true once an order status agrees */
  readonly confirmed: boolean;
  /** The gateway's id of the order; null until it has answered */
  readonly orderId: string | null;
  /** Name of the configured endpoint that pays */
  readonly endpoint: string;
  /** Decimal text in major units, with at most as many decimals as the currency has */
  readonly amount: string;
  /** The amount that the gateway reports; null until it does */
  readonly actualAmount: string | null;
  /** ISO 4217 code */
  readonly currency: string;
  /** The currency that the gateway reports; null until it does */
  readonly actualCurrency: string | null;
  /** At most the last four characters; null until the Receiver has entered it */
  readonly destination: string | null;
  /** Your reference for the books; never shown to the Receiver */
  readonly reference?: string;
  /** To find payouts by, with `tag=`; stored unencrypted, so no names and no account data */
  readonly tags?: readonly (string)[];
  /** What you want back with the payout, encrypted where it is stored: at most 20 keys and 4096 bytes as JSON */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The Receiver's deadline to enter details */
  readonly detailsUntil: string | null;
  /** When it is sent; null for at once */
  readonly executeAt: string | null;
  /** The time that was asked for, if a calendar moved it */
  readonly movedFrom: string | null;
  /** Why it was moved */
  readonly movedBecause: string | null;
  /** What needs or needed approvals; null when nothing does */
  readonly approval: {
    /** What waits for approvals: `send`, or an act of an operator */
    readonly of: string;
    /** The rule of the policies that asks for them */
    readonly rule: string;
    /** `duplicate`: it looks like one asked for a short time ago; `hook`: the service asked before the send held it */
    readonly because: 'rule' | 'duplicate' | 'hook';
    /** How many people have to approve */
    readonly needed: number;
    /** The people who have approved */
    readonly approvedBy: readonly (string)[];
    /** The person who asked: never one of the approvers */
    readonly requestedBy: string | null;
    /** When the time for approvals ends; null when none are waited for */
    readonly until: string | null;
    /** Of `hook`: what the service said; null if no usable answer */
    readonly reason: string | null;
  } | null;
  /** The gateway's form for the Receiver; null for other callers and when there is none */
  readonly redirectTo: string | null;
  /** The link for the Receiver; only for the caller that made the payout. Anyone who has it can act as the Receiver */
  readonly receiverPage: string | null;
  /** The gateway's reason for the last status; null without one */
  readonly reason: {
    /** The gateway's error code */
    readonly code: string | null;
    /** The gateway's error text */
    readonly message: string | null;
  } | null;
  /** When each source reported the outcome; null for those that did not */
  readonly agreedAt: {
    /** When the answer to the create call reported it */
    readonly submission: string | null;
    /** When an order status reported it */
    readonly poll: string | null;
    /** When a callback reported it */
    readonly callback: string | null;
    /** When an operator set it */
    readonly operator: string | null;
  };
  /** When the payout was accepted */
  readonly createdAt: string;
  /** When the payout last changed */
  readonly updatedAt: string;
  /** When the outcome became known; null before that */
  readonly settledAt: string | null;
  /** Actions of operators that the payout allows now */
  readonly allowedActions: readonly ('check' | 'cancel' | 'reschedule' | 'approve' | 'reject' | 'withdraw' | 'resend' | 'resolve' | 'note' | 'acknowledge')[];
  /** What the gateway reported after the payout was closed */
  readonly lateEvents: readonly ({
    /** The workflow in Temporal that keeps it */
    readonly workflowId: string;
    /** When it happened */
    readonly at: string;
    /** What was reported or done */
    readonly what: string;
    /** False while only a callback, and no order status, says so */
    readonly confirmed: boolean;
  })[];
};

export type Problem = {
  /** Address of a page that explains this kind of error */
  readonly type: string;
  /** This kind of error in a few words */
  readonly title: string;
  /** The HTTP status */
  readonly status: number;
  /** What went wrong, and what to do */
  readonly detail: string;
  /** This kind of error; stable */
  readonly code: string;
  /** The fields that are wrong, each with what was expected */
  readonly errors?: readonly ({
    /** Path of the field, such as `destination.accountNumber` */
    readonly field: string;
    /** What was expected; never the value that was sent */
    readonly expected: string;
    /** Of a batch, counted from 1 */
    readonly row?: number;
  })[];
};

export type Acknowledged = {
  /** It is stored */
  readonly acknowledged: true;
};

export type BatchRequest = {
  /** Your id of the batch; never reused for other rows */
  readonly batchId?: string;
  /** Each as the body of `POST /payouts`; `clientOrderId` may be left out: `{batchId}-{row}` */
  readonly rows: readonly (unknown)[];
};

export type BatchApproval = {
  /** Why; it is shown in the timeline, so no account data belongs in it */
  readonly reason: string;
  /** As the batch has it; 409 for another */
  readonly contentHash: string;
};

export type BatchWarning = {
  /** Counted from 1 */
  readonly row: number;
  /** The earlier row */
  readonly sameAs: number;
};

export type CheckedBatch = {
  /** Your id of the batch */
  readonly batchId: string;
  /** How many rows */
  readonly rows: number;
  /** By currency */
  readonly totals: readonly ({
    /** ISO 4217 code */
    readonly currency: string;
    /** Rows */
    readonly count: number;
    /** Decimal text in major units, with at most as many decimals as the currency has */
    readonly amount: string;
  })[];
  /** Rows with the receiver and amount of an earlier row; they are paid all the same */
  readonly warnings: readonly (BatchWarning)[];
  /** One approval for all rows; null when no rule asks for it */
  readonly approval: {
    /** Rules that ask for it, of rows or of the sum */
    readonly rules: readonly (string)[];
    /** How many persons */
    readonly needed: number;
    /** Persons who did */
    readonly approvedBy: readonly (string)[];
    /** The person who may not */
    readonly requestedBy: string;
    /** When the batch is cancelled without it; null when it does not wait */
    readonly until: string | null;
  } | null;
  /** `approval_blocked`: too few persons could approve it. `limit_reached`: a limit has no room for its sum yet */
  readonly attention: 'approval_blocked' | 'limit_reached' | null;
  /** When its first row starts; null for at once */
  readonly executeAt: string | null;
  /** The time that a calendar or cut-off moved */
  readonly movedFrom: string | null;
  /** Why: a holiday, a weekend or the cut-off */
  readonly movedBecause: string | null;
};

export type Batch = {
  /** Your id of the batch */
  readonly batchId: string;
  /** Whose batch it is */
  readonly tenant: string;
  /** `started`: every row was; each payout goes on by itself. `cancelled`: further rows are not started. `limit_reached`: waits for room for its sum. `stopped`: its workflow was ended from outside */
  readonly state: 'awaiting_approval' | 'scheduled' | 'limit_reached' | 'running' | 'paused' | 'cancelled' | 'started' | 'stopped';
  /** How many rows */
  readonly rows: number;
  /** Rows that are payouts */
  readonly started: number;
  /** Rows that became no payout; the result file says why */
  readonly failed: number;
  /** Rows whose turn has not come */
  readonly left: number;
  /** By currency */
  readonly totals: readonly ({
    /** ISO 4217 code */
    readonly currency: string;
    /** Rows */
    readonly count: number;
    /** Decimal text in major units, with at most as many decimals as the currency has */
    readonly amount: string;
  })[];
  /** Keyed hash of its rows: an approval names it */
  readonly contentHash: string;
  /** One approval for all rows; null when no rule asks for it */
  readonly approval: {
    /** Rules that ask for it, of rows or of the sum */
    readonly rules: readonly (string)[];
    /** How many persons */
    readonly needed: number;
    /** Persons who did */
    readonly approvedBy: readonly (string)[];
    /** The person who may not */
    readonly requestedBy: string;
    /** When the batch is cancelled without it; null when it does not wait */
    readonly until: string | null;
  } | null;
  /** `approval_blocked`: too few persons could approve it. `limit_reached`: a limit has no room for its sum yet */
  readonly attention: 'approval_blocked' | 'limit_reached' | null;
  /** When its first row starts; null for at once */
  readonly executeAt: string | null;
  /** The time that a calendar or cut-off moved */
  readonly movedFrom: string | null;
  /** Why: a holiday, a weekend or the cut-off */
  readonly movedBecause: string | null;
  /** The rule whose limit has no room for its sum yet */
  readonly waitsForLimit: string | null;
  /** Rows started a second */
  readonly perSecond: number;
  /** Rows whose start is under way at once */
  readonly window: number;
  /** The name of the key that made it */
  readonly by: string;
  /** When it was taken */
  readonly createdAt: string;
  /** What people did with it, oldest first */
  readonly acts: readonly ({
    /** What was done */
    readonly action: 'pause' | 'resume' | 'cancel' | 'approve' | 'reject' | 'reschedule';
    /** Name of the caller whose key was used; null for a step that no person took */
    readonly actor: string;
    /** Why; it is shown in the timeline, so no account data belongs in it */
    readonly reason: string;
    /** When it happened */
    readonly at: string;
  })[];
  /** How often its present step was tried; above 2, something keeps failing */
  readonly attempts: number;
  /** How its payouts stand; slightly behind, for display. Null in lists */
  readonly payouts: {
    /** How many there are */
    readonly made: number;
    /** Not final */
    readonly open: number;
    /** Of the open ones: need a person */
    readonly inReview: number;
    /** Approved */
    readonly paid: number;
  } | null;
  /** True when every payout is final or in review; null in lists */
  readonly isSettled: boolean | null;
  /** Rows with the receiver and amount of an earlier row; they are paid all the same */
  readonly warnings?: readonly (BatchWarning)[];
};

export type ListedPayout = {
  /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
  readonly clientOrderId: string;
  /** `open`: accepted, sending or processing. Null when it is not stored */
  readonly state: 'open' | 'awaiting_details' | 'awaiting_approval' | 'scheduled' | 'unconfirmed' | 'awaiting_receiver' | 'needs_review' | 'approved' | 'declined' | 'filtered' | 'error' | 'rejected' | 'cancelled' | 'expired' | null;
  /** The final state; null while the payout is open */
  readonly outcome: 'approved' | 'declined' | 'filtered' | 'error' | 'rejected' | 'cancelled' | 'expired' | null;
  /** Of an approved payout: whether its money came back later; `outcome` stays. Null for any other */
  readonly settlement: 'paid' | 'partially_returned' | 'returned' | null;
  /** Why a person should look; the runbook has a page for each. Null when no one needs to */
  readonly attention: 'gateway_unreachable' | 'gateway_unreadable' | 'gateway_forbids' | 'endpoint_paused' | 'endpoint_not_served' | 'limit_reached' | 'hook_held' | 'hook_unanswered' | 'unlisted_status' | 'order_not_found' | 'redirect_unusable' | 'approval_blocked' | 'act_awaits_approval' | 'outcome_unknown' | 'deadline_passed' | 'conflict' | 'amount_mismatch' | 'order_id_mismatch' | 'other_transaction' | 'post_payout_event' | 'never_confirmed' | 'not_followed' | 'ended_in_error' | 'adopted_unseen' | null;
  /** `unreadable`: its stored data cannot be read. `stuck`: its workflow keeps failing */
  readonly problem: 'unreadable' | 'stuck' | null;
  /** Name of the configured endpoint that pays */
  readonly endpoint: string | null;
  /** Decimal text in major units, with at most as many decimals as the currency has */
  readonly amount: string | null;
  /** ISO 4217 code */
  readonly currency: string | null;
  /** The gateway's id of the order; null until it has answered */
  readonly orderId: string | null;
  /** When Temporal stored it; the time filters use this */
  readonly createdAt: string;
  /** When nothing was left to do; null before that */
  readonly closedAt: string | null;
  /** When what an open payout waits for ends */
  readonly deadline: string | null;
  /** To find payouts by, with `tag=`; stored unencrypted, so no names and no account data */
  readonly tags?: readonly (string)[];
  /** Whose payout it is */
  readonly tenant: string;
};

export type PayoutList = {
  /** A page may have fewer than `limit`, or none, and not be the last */
  readonly payouts: readonly (ListedPayout)[];
  /** Null on the last page */
  readonly nextCursor: string | null;
};

export type PayoutCounts = {
  /** Accepted, sending or processing */
  readonly open: number;
  /** Open payouts that are waiting, by state */
  readonly waiting: {
    /** Waiting for the Receiver to enter an account or card. Nothing has been sent. */
    readonly awaiting_details: number;
    /** Waiting for approvals. Nothing has been sent. */
    readonly awaiting_approval: number;
    /** Waiting for the time at which it is to be sent. Nothing has been sent. */
    readonly scheduled: number;
    /** It may have been sent, and it is not known whether money moved. The service keeps asking the gateway. */
    readonly unconfirmed: number;
    /** The Receiver has to fill in the gateway's form. */
    readonly awaiting_receiver: number;
    /** A person has to decide. Nothing is sent and the gateway is not asked; callbacks are still applied. */
    readonly needs_review: number;
  };
  /** Final payouts, by state */
  readonly final: {
    /** Paid. This is final. */
    readonly approved: number;
    /** Not paid: declined. This is final. */
    readonly declined: number;
    /** Not paid: refused by fraud control. This is final. */
    readonly filtered: number;
    /** Not paid: ended with an error at the gateway. This is final. */
    readonly error: number;
    /** Not paid: refused before an order was created. This is final. */
    readonly rejected: number;
    /** Not paid: cancelled before anything was sent. */
    readonly cancelled: number;
    /** Not paid: details or approvals did not come in time. */
    readonly expired: number;
  };
  /** Approved payouts whose money came back, all of it or a part */
  readonly settlement: {
    /** The confirmed returns add up to the whole amount */
    readonly returned: number;
    /** Money came back: less than the whole, or the gateway does not say how much */
    readonly partially_returned: number;
  };
  /** What needs a person, by reason; the sum is the length of `GET /attention` */
  readonly attention: {
    /** The gateway does not answer. */
    readonly gateway_unreachable?: number;
    /** The gateway answers, but the answers cannot be used. */
    readonly gateway_unreadable?: number;
    /** The gateway refuses our login, key, endpoint or clock. */
    readonly gateway_forbids?: number;
    /** Sends to this endpoint are paused because they keep failing. */
    readonly endpoint_paused?: number;
    /** No worker takes the calls for this endpoint, so nothing is sent. */
    readonly endpoint_not_served?: number;
    /** A limit of the policies has no room for this payout, so nothing is sent. */
    readonly limit_reached?: number;
    /** The service that is asked before each send holds this payout. */
    readonly hook_held?: number;
    /** The service that is asked before each send gave no usable answer. */
    readonly hook_unanswered?: number;
    /** The gateway used an unknown status word, which counts as not final. */
    readonly unlisted_status?: number;
    /** The gateway reports that an order it showed before does not exist. */
    readonly order_not_found?: number;
    /** The gateway wants the Receiver to fill in a form, but its link is not safe to use. */
    readonly redirect_unusable?: number;
    /** Too few people may approve this payout, not counting the requester. */
    readonly approval_blocked?: number;
    /** A person asked to resend or resolve this payout, which another person has to approve. */
    readonly act_awaits_approval?: number;
    /** The payout may have been sent, but no order was found for a day. */
    readonly outcome_unknown?: number;
    /** The payout was not final in time, or could not be sent for a day. */
    readonly deadline_passed?: number;
    /** Two sources report different final statuses. */
    readonly conflict?: number;
    /** The gateway reports a different amount or currency from the request. */
    readonly amount_mismatch?: number;
    /** Another order id was reported for this payout: there may be two orders. */
    readonly order_id_mismatch?: number;
    /** The gateway has a transaction under this id that is not a payout. */
    readonly other_transaction?: number;
    /** A reversal, chargeback or similar event was reported after the payout. */
    readonly post_payout_event?: number;
    /** The payout is final because of a callback alone: no order status confirmed it in time. */
    readonly never_confirmed?: number;
    /** The workflow was terminated, cancelled, timed out or failed, so nothing follows this payout any more. */
    readonly not_followed?: number;
    /** The gateway ended the order with status error: it counts as not paid, but something went wrong. */
    readonly ended_in_error?: number;
    /** An order exists under this id that this payout never sent: it may have paid another account. */
    readonly adopted_unseen?: number;
    /** Waiting for approvals. Nothing has been sent. */
    readonly awaiting_approval?: number;
    /** A callback about a payout that is not known here */
    readonly unmatched_callback?: number;
    /** Notifications that a subscriber did not accept for 72 h */
    readonly notification_dead?: number;
  };
  /** True when there is more than was counted */
  readonly hasMoreAttention: boolean;
};

export type LimitList = {
  /** In the order of the policies */
  readonly limits: readonly ({
    /** Its rule in POLICIES_FILE */
    readonly rule: string;
    /** ISO 4217 code */
    readonly currency: string;
    /** The calendar period that it counts */
    readonly per: 'day' | 'month';
    /** The time zone of the calendar */
    readonly zone: string;
    /** What happens to a payout when there is no room */
    readonly over: 'refuse' | 'wait';
    /** The present day or month */
    readonly period: string;
    /** The most that may be paid */
    readonly cap: string;
    /** Paid, or not provably unpaid */
    readonly used: string;
    /** Of payouts that are open */
    readonly held: string;
    /** What is neither used nor held */
    readonly left: string;
    /** When the next period begins */
    readonly endsAt: string;
  })[];
};

export type NotificationList = {
  /** One for each subscriber and payout */
  readonly notifications: readonly ({
    /** Id of the notification: subscriber, colon, clientOrderId */
    readonly id: string;
    /** Name of the subscriber */
    readonly subscriber: string;
    /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
    readonly clientOrderId: string;
    /** Whose payout it is */
    readonly tenant: string;
    /** `pending`: not delivered yet. `dead`: given up */
    readonly state: 'pending' | 'dead';
    /** When the first undelivered event happened */
    readonly since: string;
  })[];
  /** Leads to the next page; null on the last one */
  readonly nextCursor: string | null;
};

export type NotificationDelivery = {
  /** The `webhook-id` of every attempt */
  readonly id: string;
  /** Its kind, which determines the other fields */
  readonly type: 'payout.awaiting_approval' | 'payout.awaiting_receiver' | 'payout.needs_review' | 'payout.approved' | 'payout.declined' | 'payout.filtered' | 'payout.error' | 'payout.rejected' | 'payout.cancelled' | 'payout.expired' | 'payout.late_event';
  /** When it happened */
  readonly at: string;
  /** State of the delivery. `gone`: the subscriber does not want it (410) */
  readonly state: 'pending' | 'delivered' | 'dead' | 'gone' | 'not_recorded';
  /** How often delivery was tried */
  readonly attempts: number;
  /** Why it failed last; null when it did not */
  readonly problem: string | null;
  /** When it will be tried next; null when it will not */
  readonly nextAttemptAt: string | null;
  /** When delivery ended, successfully or not; null before that */
  readonly settledAt: string | null;
};

export type Notification = {
  /** Id of the notification: subscriber, colon, clientOrderId */
  readonly id: string;
  /** Name of the subscriber */
  readonly subscriber: string;
  /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
  readonly clientOrderId: string;
  /** Oldest first */
  readonly events: readonly (NotificationDelivery)[];
};

export type PayoutNotifications = {
  /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
  readonly clientOrderId: string;
  /** One for each subscriber and payout */
  readonly notifications: readonly ({
    /** Id of the notification: subscriber, colon, clientOrderId */
    readonly id: string;
    /** Name of the subscriber */
    readonly subscriber: string;
    /** `unreadable`: its stored data cannot be read; its events are not shown */
    readonly problem: 'unreadable' | null;
    /** Oldest first */
    readonly events: readonly (NotificationDelivery)[];
  })[];
};

export type Resent = {
  /** Id of the notification: subscriber, colon, clientOrderId */
  readonly id: string;
  /** It is being delivered again */
  readonly state: 'pending';
};

export type PayoutDay = {
  /** The last 24, oldest first */
  readonly hours: readonly ({
    /** The beginning of the hour */
    readonly start: string;
    /** Payouts made in it; null while it is not counted yet */
    readonly made: number | null;
    /** Approved payouts that closed in it */
    readonly paid: number | null;
  })[];
  /** Open ones, `unconfirmed` or in review */
  readonly inDoubt: number | null;
  /** Payouts that closed in these hours */
  readonly closed: number | null;
  /** How long it took */
  readonly closedWithin: readonly ({
    /** Closed at most so long after they were made */
    readonly seconds: number;
    /** So many */
    readonly count: number | null;
  })[];
};

export type Me = {
  /** The name of the key, as timelines show it */
  readonly name: string;
  /** Who acts with it: the same for every key of one person */
  readonly person: string;
  /** The tenant whose payouts the key makes */
  readonly tenant: string;
  /** Tenants whose payouts it may see and act on; `*` is every one, and the ones that keys name follow it */
  readonly tenants: readonly (string)[];
  /** What the key permits */
  readonly scopes: readonly ('payouts:write' | 'payouts:read' | 'payouts:operate' | 'payouts:approve' | 'codec')[];
  /** Address of the workflows in the Temporal UI, to which an id is appended; null without one */
  readonly temporalUi: string | null;
};

export type AttentionQueue = {
  /** Oldest first */
  readonly items: readonly ({
    /** A payout, a batch that has not begun, callbacks about an unknown payout, or notifications that were given up */
    readonly kind: 'payout' | 'batch' | 'unmatched_callback' | 'notification';
    /** Why a person should look; the runbook has a page for each. Null when no one needs to */
    readonly attention: 'gateway_unreachable' | 'gateway_unreadable' | 'gateway_forbids' | 'endpoint_paused' | 'endpoint_not_served' | 'limit_reached' | 'hook_held' | 'hook_unanswered' | 'unlisted_status' | 'order_not_found' | 'redirect_unusable' | 'approval_blocked' | 'act_awaits_approval' | 'outcome_unknown' | 'deadline_passed' | 'conflict' | 'amount_mismatch' | 'order_id_mismatch' | 'other_transaction' | 'post_payout_event' | 'never_confirmed' | 'not_followed' | 'ended_in_error' | 'adopted_unseen' | 'awaiting_approval' | 'unmatched_callback' | 'notification_dead';
    /** Id of the payout, or of the batch */
    readonly clientOrderId: string;
    /** `open`: accepted, sending or processing. Null when it is not stored */
    readonly state: 'open' | 'awaiting_details' | 'awaiting_approval' | 'scheduled' | 'unconfirmed' | 'awaiting_receiver' | 'needs_review' | 'approved' | 'declined' | 'filtered' | 'error' | 'rejected' | 'cancelled' | 'expired' | null;
    /** Name of the configured endpoint that pays */
    readonly endpoint: string | null;
    /** Decimal text in major units, with at most as many decimals as the currency has */
    readonly amount: string | null;
    /** ISO 4217 code */
    readonly currency: string | null;
    /** The gateway's id of the order; null until it has answered */
    readonly orderId: string | null;
    /** When what an open payout waits for ends */
    readonly deadline: string | null;
    /** Whose payout it is */
    readonly tenant: string;
    /** Name of the subscriber, for notifications; otherwise null */
    readonly subscriber: string | null;
    /** When the payout or batch was accepted, the payout closed, or the first callback or notification came */
    readonly since: string;
  })[];
  /** Totals of the payouts in it, by currency */
  readonly totals: readonly ({
    /** ISO 4217 code */
    readonly currency: string;
    /** How many */
    readonly count: number;
    /** Decimal text in major units, with at most as many decimals as the currency has */
    readonly amount: string;
  })[];
  /** True when there are more than these */
  readonly hasMore: boolean;
};

export type UnmatchedCallbacks = {
  /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
  readonly clientOrderId: string;
  /** Each once, oldest first; at most 10 are kept */
  readonly callbacks: readonly ({
    /** When it first arrived */
    readonly at: string;
    /** Name of the configured endpoint that pays */
    readonly endpoint: string;
    /** The gateway's id of the order; null until it has answered */
    readonly orderId: string | null;
    /** The gateway's word */
    readonly status: string;
    /** Type of the transaction; not signed */
    readonly type: string | null;
    /** Not signed */
    readonly amount: string | null;
    /** Not signed */
    readonly currency: string | null;
  })[];
};

export type Timeline = {
  /** Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused */
  readonly clientOrderId: string;
  /** Oldest first */
  readonly steps: readonly ({
    /** When it happened */
    readonly at: string;
    /** Who reported it */
    readonly source: string;
    /** What was reported or done */
    readonly what: string;
    /** The state after this step */
    readonly state: 'awaiting_details' | 'awaiting_approval' | 'scheduled' | 'accepted' | 'sending' | 'unconfirmed' | 'processing' | 'awaiting_receiver' | 'needs_review' | 'approved' | 'declined' | 'filtered' | 'error' | 'rejected' | 'cancelled' | 'expired';
    /** The gateway's id of the order; null until it has answered */
    readonly orderId: string | null;
    /** Name of the caller whose key was used; null for a step that no person took */
    readonly actor: string | null;
    /** Why; it is shown in the timeline, so no account data belongs in it */
    readonly reason: string | null;
    /** The rule of the policies that it is about */
    readonly rule: string | null;
    /** Network address from which the details were entered; null without `payouts:operate` */
    readonly enteredFrom: string | null;
  })[];
  /** What happens next by itself; null when it is due now, or when nothing does */
  readonly next: {
    /** `watch`: the gateway is asked every few seconds until then */
    readonly what: 'watch' | 'details_ended' | 'approval_ended' | 'execute_at' | 'limit' | 'send_again' | 'ask' | 'claim_expired' | 'backoff_ended' | 'sending_ended' | 'horizon_ended';
    /** When it happens */
    readonly at: string;
  } | null;
  /** The final status that the gateway reported last; null without one */
  readonly lastWord: {
    /** What it said */
    readonly status: 'approved' | 'declined' | 'filtered' | 'error';
    /** Who reported it */
    readonly source: 'poll' | 'callback';
    /** When it happened */
    readonly at: string;
  } | null;
  /** When what an open payout waits for ends: then it is final or needs a person */
  readonly deadline: string | null;
};

export type BatchList = {
  /** At most 20 on a page */
  readonly batches: readonly (Batch)[];
  /** Null on the last page */
  readonly nextCursor: string | null;
};
