# Made by `npm run clients`; do not edit.

from typing import Any, Literal, NotRequired, TypedDict, Union


class PayoutRequestReceiver(TypedDict):
    # First name
    firstName: NotRequired[str]
    # Last name
    lastName: NotRequired[str]
    # E-mail address
    email: NotRequired[str]
    # Phone number
    phone: NotRequired[str]
    # IPv4 or IPv6 address of the Receiver
    ipAddress: NotRequired[str]
    # Street and house number
    address: NotRequired[str]
    # City
    city: NotRequired[str]
    # Postal code
    zipCode: NotRequired[str]
    # ISO 3166-1 code of two letters
    country: NotRequired[str]
    # State or province, as two capital letters or digits
    state: NotRequired[str]
    # Date of birth as YYYYMMDD
    birthday: NotRequired[str]


class PayoutRequestDestination(TypedDict):
    # Its kind, which determines the other fields
    type: Literal["bank_account"]
    # Blanks are dropped, and so are dots and dashes in an IBAN or between digits. What looks like an IBAN must be valid
    accountNumber: str
    # Name of the bank
    bankName: NotRequired[str]
    # Branch of the bank
    bankBranch: NotRequired[str]
    # Name of the account holder, if it is not the Receiver
    accountName: NotRequired[str]
    # National code of the bank
    bankCode: NotRequired[str]
    # Street of the bank
    bankAddress: NotRequired[str]
    # Postal code of the bank
    bankZipCode: NotRequired[str]
    # City of the bank
    bankCity: NotRequired[str]
    # Province of the bank
    bankProvince: NotRequired[str]
    # Area of the bank
    bankArea: NotRequired[str]
    # Routing number of the bank
    routingNumber: NotRequired[str]


class PayoutRequestDestination2(TypedDict):
    # Its kind, which determines the other fields
    type: Literal["card"]
    # 12 to 19 digits with a correct check digit; never stored unencrypted
    cardNumber: str
    # Name on the card
    cardHolder: NotRequired[str]
    # Two digits, from 01 to 12
    expiryMonth: NotRequired[str]
    # Four digits
    expiryYear: NotRequired[str]


class PayoutRequestDestination3(TypedDict):
    # Its kind, which determines the other fields
    type: Literal["card_ref"]
    # The gateway's reference of a card that it knows from an earlier order, instead of a card number
    cardRefId: str


class PayoutRequest(TypedDict):
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # If absent, the first endpoint that accepts the currency
    endpoint: NotRequired[str]
    # Decimal text in major units, with at most as many decimals as the currency has
    amount: str
    # ISO 4217 code
    currency: str
    # What the payout is for; sent to the gateway and shown to the Receiver
    description: NotRequired[str]
    # Purpose of the payment, where the gateway asks for one
    purpose: NotRequired[str]
    # The person paid. Endpoints differ in the fields they require
    receiver: NotRequired["PayoutRequestReceiver"]
    # Required, unless the Receiver is asked for it
    destination: NotRequired[Union["PayoutRequestDestination", "PayoutRequestDestination2", "PayoutRequestDestination3"]]
    # Ask the Receiver for the destination, on `receiverPage`; leave out `destination`
    collect: NotRequired[Literal["receiver"]]
    # How long the Receiver may take; only with `collect`
    expiresIn: NotRequired[str]
    # When to send, at most a year ahead
    executeAt: NotRequired[str]
    # The zone of an `executeAt` without offset
    timeZone: NotRequired[str]
    # Further fields that the endpoint is configured to accept, by name
    extraFields: NotRequired[dict[str, str]]
    # Your reference for the books; never shown to the Receiver
    reference: NotRequired[str]
    # To find payouts by, with `tag=`; stored unencrypted, so no names and no account data
    tags: NotRequired[list[str]]
    # What you want back with the payout, encrypted where it is stored: at most 20 keys and 4096 bytes as JSON
    metadata: NotRequired[dict[str, str]]


class OperatorAct(TypedDict):
    # Why; it is shown in the timeline, so no account data belongs in it
    reason: str


class OperatorReschedule(TypedDict):
    # Why; it is shown in the timeline, so no account data belongs in it
    reason: str
    # When to send, at most a year ahead
    executeAt: str
    # The zone of an `executeAt` without offset
    timeZone: NotRequired[str]


class OperatorResolution(TypedDict):
    # Why; it is shown in the timeline, so no account data belongs in it
    reason: str
    # The final state that you found out, or `processing` to have the payout followed again
    outcome: Literal["approved", "declined", "error", "processing"]
    # The `lastWord` of the timeline, where the outcome contradicts it: paid, or not paid
    against: NotRequired[Literal["approved", "declined", "filtered", "error"]]


class PayoutAcknowledged(TypedDict):
    # When it happened
    at: str
    # The name of their API key
    by: str
    # Why; it is shown in the timeline, so no account data belongs in it
    reason: str


class PayoutApproval(TypedDict):
    # What waits for approvals: `send`, or an act of an operator
    of: str
    # The rule of the policies that asks for them
    rule: str
    # `duplicate`: it looks like one asked for a short time ago; `hook`: the service asked before the send held it
    because: Literal["rule", "duplicate", "hook"]
    # How many people have to approve
    needed: int
    # The people who have approved
    approvedBy: list[str]
    # The person who asked: never one of the approvers
    requestedBy: Union[str, None]
    # When the time for approvals ends; null when none are waited for
    until: Union[str, None]
    # Of `hook`: what the service said; null if no usable answer
    reason: Union[str, None]


class PayoutReason(TypedDict):
    # The gateway's error code
    code: Union[str, None]
    # The gateway's error text
    message: Union[str, None]


class PayoutAgreedAt(TypedDict):
    # When the answer to the create call reported it
    submission: Union[str, None]
    # When an order status reported it
    poll: Union[str, None]
    # When a callback reported it
    callback: Union[str, None]
    # When an operator set it
    operator: Union[str, None]


class PayoutLateEventsItem(TypedDict):
    # The workflow in Temporal that keeps it
    workflowId: str
    # When it happened
    at: str
    # What was reported or done
    what: str
    # False while only a callback, and no order status, says so
    confirmed: bool


class Payout(TypedDict):
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # Whose payout it is
    tenant: str
    # Where the payout is now. `unconfirmed` and `needs_review` are open: never pay again because of them
    state: Literal["awaiting_details", "awaiting_approval", "scheduled", "accepted", "sending", "unconfirmed", "processing", "awaiting_receiver", "needs_review", "approved", "declined", "filtered", "error", "rejected", "cancelled", "expired"]
    # The final state; null while the payout is open
    outcome: Union[Literal["approved", "declined", "filtered", "error", "rejected", "cancelled", "expired"], None]
    # Of an approved payout: whether its money came back later; `outcome` stays. Null for any other
    settlement: Union[Literal["paid", "partially_returned", "returned"], None]
    # Why a person should look; null once a person has acknowledged it
    attention: Union[Literal["gateway_unreachable", "gateway_unreadable", "gateway_forbids", "endpoint_paused", "endpoint_not_served", "limit_reached", "hook_held", "hook_unanswered", "unlisted_status", "order_not_found", "redirect_unusable", "approval_blocked", "act_awaits_approval", "outcome_unknown", "deadline_passed", "conflict", "amount_mismatch", "order_id_mismatch", "other_transaction", "post_payout_event", "never_confirmed", "not_followed", "ended_in_error", "adopted_unseen"], None]
    # Who last acknowledged the attention of a closed payout, and their note
    acknowledged: Union["PayoutAcknowledged", None]
    # Who reported the final state first; null while the payout is open
    settledBy: Union[Literal["submission", "poll", "callback", "operator", "clock", "policy"], None]
    # False while a final state is based on a callback alone; true once an order status agrees
    confirmed: bool
    # The gateway's id of the order; null until it has answered
    orderId: Union[str, None]
    # Name of the configured endpoint that pays
    endpoint: str
    # Decimal text in major units, with at most as many decimals as the currency has
    amount: str
    # The amount that the gateway reports; null until it does
    actualAmount: Union[str, None]
    # ISO 4217 code
    currency: str
    # The currency that the gateway reports; null until it does
    actualCurrency: Union[str, None]
    # At most the last four characters; null until the Receiver has entered it
    destination: Union[str, None]
    # Your reference for the books; never shown to the Receiver
    reference: NotRequired[str]
    # To find payouts by, with `tag=`; stored unencrypted, so no names and no account data
    tags: NotRequired[list[str]]
    # What you want back with the payout, encrypted where it is stored: at most 20 keys and 4096 bytes as JSON
    metadata: NotRequired[dict[str, str]]
    # The Receiver's deadline to enter details
    detailsUntil: Union[str, None]
    # When it is sent; null for at once
    executeAt: Union[str, None]
    # The time that was asked for, if a calendar moved it
    movedFrom: Union[str, None]
    # Why it was moved
    movedBecause: Union[str, None]
    # What needs or needed approvals; null when nothing does
    approval: Union["PayoutApproval", None]
    # The gateway's form for the Receiver; null for other callers and when there is none
    redirectTo: Union[str, None]
    # The link for the Receiver; only for the caller that made the payout. Anyone who has it can act as the Receiver
    receiverPage: Union[str, None]
    # The gateway's reason for the last status; null without one
    reason: Union["PayoutReason", None]
    # When each source reported the outcome; null for those that did not
    agreedAt: "PayoutAgreedAt"
    # When the payout was accepted
    createdAt: str
    # When the payout last changed
    updatedAt: str
    # When the outcome became known; null before that
    settledAt: Union[str, None]
    # Actions of operators that the payout allows now
    allowedActions: list[Literal["check", "cancel", "reschedule", "approve", "reject", "withdraw", "resend", "resolve", "note", "acknowledge"]]
    # What the gateway reported after the payout was closed
    lateEvents: list["PayoutLateEventsItem"]


class ProblemErrorsItem(TypedDict):
    # Path of the field, such as `destination.accountNumber`
    field: str
    # What was expected; never the value that was sent
    expected: str
    # Of a batch, counted from 1
    row: NotRequired[int]


class Problem(TypedDict):
    # Address of a page that explains this kind of error
    type: str
    # This kind of error in a few words
    title: str
    # The HTTP status
    status: float
    # What went wrong, and what to do
    detail: str
    # This kind of error; stable
    code: str
    # The fields that are wrong, each with what was expected
    errors: NotRequired[list["ProblemErrorsItem"]]


class Acknowledged(TypedDict):
    # It is stored
    acknowledged: Literal[True]


class BatchRequest(TypedDict):
    # Your id of the batch; never reused for other rows
    batchId: NotRequired[str]
    # Each as the body of `POST /payouts`; `clientOrderId` may be left out: `{batchId}-{row}`
    rows: list[Any]


class BatchApproval(TypedDict):
    # Why; it is shown in the timeline, so no account data belongs in it
    reason: str
    # As the batch has it; 409 for another
    contentHash: str


class BatchWarning(TypedDict):
    # Counted from 1
    row: int
    # The earlier row
    sameAs: int


class CheckedBatchTotalsItem(TypedDict):
    # ISO 4217 code
    currency: str
    # Rows
    count: int
    # Decimal text in major units, with at most as many decimals as the currency has
    amount: str


class CheckedBatchApproval(TypedDict):
    # Rules that ask for it, of rows or of the sum
    rules: list[str]
    # How many persons
    needed: int
    # Persons who did
    approvedBy: list[str]
    # The person who may not
    requestedBy: str
    # When the batch is cancelled without it; null when it does not wait
    until: Union[str, None]


class CheckedBatch(TypedDict):
    # Your id of the batch
    batchId: str
    # How many rows
    rows: int
    # By currency
    totals: list["CheckedBatchTotalsItem"]
    # Rows with the receiver and amount of an earlier row; they are paid all the same
    warnings: list["BatchWarning"]
    # One approval for all rows; null when no rule asks for it
    approval: Union["CheckedBatchApproval", None]
    # `approval_blocked`: too few persons could approve it. `limit_reached`: a limit has no room for its sum yet
    attention: Union[Literal["approval_blocked", "limit_reached"], None]
    # When its first row starts; null for at once
    executeAt: Union[str, None]
    # The time that a calendar or cut-off moved
    movedFrom: Union[str, None]
    # Why: a holiday, a weekend or the cut-off
    movedBecause: Union[str, None]


class BatchTotalsItem(TypedDict):
    # ISO 4217 code
    currency: str
    # Rows
    count: int
    # Decimal text in major units, with at most as many decimals as the currency has
    amount: str


class BatchApproval(TypedDict):
    # Rules that ask for it, of rows or of the sum
    rules: list[str]
    # How many persons
    needed: int
    # Persons who did
    approvedBy: list[str]
    # The person who may not
    requestedBy: str
    # When the batch is cancelled without it; null when it does not wait
    until: Union[str, None]


class BatchActsItem(TypedDict):
    # What was done
    action: Literal["pause", "resume", "cancel", "approve", "reject", "reschedule"]
    # Name of the caller whose key was used; null for a step that no person took
    actor: str
    # Why; it is shown in the timeline, so no account data belongs in it
    reason: str
    # When it happened
    at: str


class BatchPayouts(TypedDict):
    # How many there are
    made: int
    # Not final
    open: int
    # Of the open ones: need a person
    inReview: int
    # Approved
    paid: int


class Batch(TypedDict):
    # Your id of the batch
    batchId: str
    # Whose batch it is
    tenant: str
    # `started`: every row was; each payout goes on by itself. `cancelled`: further rows are not started. `limit_reached`: waits for room for its sum. `stopped`: its workflow was ended from outside
    state: Literal["awaiting_approval", "scheduled", "limit_reached", "running", "paused", "cancelled", "started", "stopped"]
    # How many rows
    rows: int
    # Rows that are payouts
    started: int
    # Rows that became no payout; the result file says why
    failed: int
    # Rows whose turn has not come
    left: int
    # By currency
    totals: list["BatchTotalsItem"]
    # Keyed hash of its rows: an approval names it
    contentHash: str
    # One approval for all rows; null when no rule asks for it
    approval: Union["BatchApproval", None]
    # `approval_blocked`: too few persons could approve it. `limit_reached`: a limit has no room for its sum yet
    attention: Union[Literal["approval_blocked", "limit_reached"], None]
    # When its first row starts; null for at once
    executeAt: Union[str, None]
    # The time that a calendar or cut-off moved
    movedFrom: Union[str, None]
    # Why: a holiday, a weekend or the cut-off
    movedBecause: Union[str, None]
    # The rule whose limit has no room for its sum yet
    waitsForLimit: Union[str, None]
    # Rows started a second
    perSecond: int
    # Rows whose start is under way at once
    window: int
    # The name of the key that made it
    by: str
    # When it was taken
    createdAt: str
    # What people did with it, oldest first
    acts: list["BatchActsItem"]
    # How often its present step was tried; above 2, something keeps failing
    attempts: int
    # How its payouts stand; slightly behind, for display. Null in lists
    payouts: Union["BatchPayouts", None]
    # True when every payout is final or in review; null in lists
    isSettled: Union[bool, None]
    # Rows with the receiver and amount of an earlier row; they are paid all the same
    warnings: NotRequired[list["BatchWarning"]]


class ListedPayout(TypedDict):
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # `open`: accepted, sending or processing. Null when it is not stored
    state: Union[Literal["open", "awaiting_details", "awaiting_approval", "scheduled", "unconfirmed", "awaiting_receiver", "needs_review", "approved", "declined", "filtered", "error", "rejected", "cancelled", "expired"], None]
    # The final state; null while the payout is open
    outcome: Union[Literal["approved", "declined", "filtered", "error", "rejected", "cancelled", "expired"], None]
    # Of an approved payout: whether its money came back later; `outcome` stays. Null for any other
    settlement: Union[Literal["paid", "partially_returned", "returned"], None]
    # Why a person should look; the runbook has a page for each. Null when no one needs to
    attention: Union[Literal["gateway_unreachable", "gateway_unreadable", "gateway_forbids", "endpoint_paused", "endpoint_not_served", "limit_reached", "hook_held", "hook_unanswered", "unlisted_status", "order_not_found", "redirect_unusable", "approval_blocked", "act_awaits_approval", "outcome_unknown", "deadline_passed", "conflict", "amount_mismatch", "order_id_mismatch", "other_transaction", "post_payout_event", "never_confirmed", "not_followed", "ended_in_error", "adopted_unseen"], None]
    # `unreadable`: its stored data cannot be read. `stuck`: its workflow keeps failing
    problem: Union[Literal["unreadable", "stuck"], None]
    # Name of the configured endpoint that pays
    endpoint: Union[str, None]
    # Decimal text in major units, with at most as many decimals as the currency has
    amount: Union[str, None]
    # ISO 4217 code
    currency: Union[str, None]
    # The gateway's id of the order; null until it has answered
    orderId: Union[str, None]
    # When Temporal stored it; the time filters use this
    createdAt: str
    # When nothing was left to do; null before that
    closedAt: Union[str, None]
    # When what an open payout waits for ends
    deadline: Union[str, None]
    # To find payouts by, with `tag=`; stored unencrypted, so no names and no account data
    tags: NotRequired[list[str]]
    # Whose payout it is
    tenant: str


class PayoutList(TypedDict):
    # A page may have fewer than `limit`, or none, and not be the last
    payouts: list["ListedPayout"]
    # Null on the last page
    nextCursor: Union[str, None]


class PayoutCountsWaiting(TypedDict):
    # Waiting for the Receiver to enter an account or card. Nothing has been sent.
    awaiting_details: int
    # Waiting for approvals. Nothing has been sent.
    awaiting_approval: int
    # Waiting for the time at which it is to be sent. Nothing has been sent.
    scheduled: int
    # It may have been sent, and it is not known whether money moved. The service keeps asking the gateway.
    unconfirmed: int
    # The Receiver has to fill in the gateway's form.
    awaiting_receiver: int
    # A person has to decide. Nothing is sent and the gateway is not asked; callbacks are still applied.
    needs_review: int


class PayoutCountsFinal(TypedDict):
    # Paid. This is final.
    approved: int
    # Not paid: declined. This is final.
    declined: int
    # Not paid: refused by fraud control. This is final.
    filtered: int
    # Not paid: ended with an error at the gateway. This is final.
    error: int
    # Not paid: refused before an order was created. This is final.
    rejected: int
    # Not paid: cancelled before anything was sent.
    cancelled: int
    # Not paid: details or approvals did not come in time.
    expired: int


class PayoutCountsSettlement(TypedDict):
    # The confirmed returns add up to the whole amount
    returned: int
    # Money came back: less than the whole, or the gateway does not say how much
    partially_returned: int


class PayoutCountsAttention(TypedDict):
    # The gateway does not answer.
    gateway_unreachable: NotRequired[int]
    # The gateway answers, but the answers cannot be used.
    gateway_unreadable: NotRequired[int]
    # The gateway refuses our login, key, endpoint or clock.
    gateway_forbids: NotRequired[int]
    # Sends to this endpoint are paused because they keep failing.
    endpoint_paused: NotRequired[int]
    # No worker takes the calls for this endpoint, so nothing is sent.
    endpoint_not_served: NotRequired[int]
    # A limit of the policies has no room for this payout, so nothing is sent.
    limit_reached: NotRequired[int]
    # The service that is asked before each send holds this payout.
    hook_held: NotRequired[int]
    # The service that is asked before each send gave no usable answer.
    hook_unanswered: NotRequired[int]
    # The gateway used an unknown status word, which counts as not final.
    unlisted_status: NotRequired[int]
    # The gateway reports that an order it showed before does not exist.
    order_not_found: NotRequired[int]
    # The gateway wants the Receiver to fill in a form, but its link is not safe to use.
    redirect_unusable: NotRequired[int]
    # Too few people may approve this payout, not counting the requester.
    approval_blocked: NotRequired[int]
    # A person asked to resend or resolve this payout, which another person has to approve.
    act_awaits_approval: NotRequired[int]
    # The payout may have been sent, but no order was found for a day.
    outcome_unknown: NotRequired[int]
    # The payout was not final in time, or could not be sent for a day.
    deadline_passed: NotRequired[int]
    # Two sources report different final statuses.
    conflict: NotRequired[int]
    # The gateway reports a different amount or currency from the request.
    amount_mismatch: NotRequired[int]
    # Another order id was reported for this payout: there may be two orders.
    order_id_mismatch: NotRequired[int]
    # The gateway has a transaction under this id that is not a payout.
    other_transaction: NotRequired[int]
    # A reversal, chargeback or similar event was reported after the payout.
    post_payout_event: NotRequired[int]
    # The payout is final because of a callback alone: no order status confirmed it in time.
    never_confirmed: NotRequired[int]
    # The workflow was terminated, cancelled, timed out or failed, so nothing follows this payout any more.
    not_followed: NotRequired[int]
    # The gateway ended the order with status error: it counts as not paid, but something went wrong.
    ended_in_error: NotRequired[int]
    # An order exists under this id that this payout never sent: it may have paid another account.
    adopted_unseen: NotRequired[int]
    # Waiting for approvals. Nothing has been sent.
    awaiting_approval: NotRequired[int]
    # A callback about a payout that is not known here
    unmatched_callback: NotRequired[int]
    # Notifications that a subscriber did not accept for 72 h
    notification_dead: NotRequired[int]


class PayoutCounts(TypedDict):
    # Accepted, sending or processing
    open: int
    # Open payouts that are waiting, by state
    waiting: "PayoutCountsWaiting"
    # Final payouts, by state
    final: "PayoutCountsFinal"
    # Approved payouts whose money came back, all of it or a part
    settlement: "PayoutCountsSettlement"
    # What needs a person, by reason; the sum is the length of `GET /attention`
    attention: "PayoutCountsAttention"
    # True when there is more than was counted
    hasMoreAttention: bool


class LimitListLimitsItem(TypedDict):
    # Its rule in POLICIES_FILE
    rule: str
    # ISO 4217 code
    currency: str
    # The calendar period that it counts
    per: Literal["day", "month"]
    # The time zone of the calendar
    zone: str
    # What happens to a payout when there is no room
    over: Literal["refuse", "wait"]
    # The present day or month
    period: str
    # The most that may be paid
    cap: str
    # Paid, or not provably unpaid
    used: str
    # Of payouts that are open
    held: str
    # What is neither used nor held
    left: str
    # When the next period begins
    endsAt: str


class LimitList(TypedDict):
    # In the order of the policies
    limits: list["LimitListLimitsItem"]


class NotificationListNotificationsItem(TypedDict):
    # Id of the notification: subscriber, colon, clientOrderId
    id: str
    # Name of the subscriber
    subscriber: str
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # Whose payout it is
    tenant: str
    # `pending`: not delivered yet. `dead`: given up
    state: Literal["pending", "dead"]
    # When the first undelivered event happened
    since: str


class NotificationList(TypedDict):
    # One for each subscriber and payout
    notifications: list["NotificationListNotificationsItem"]
    # Leads to the next page; null on the last one
    nextCursor: Union[str, None]


class NotificationDelivery(TypedDict):
    # The `webhook-id` of every attempt
    id: str
    # Its kind, which determines the other fields
    type: Literal["payout.awaiting_approval", "payout.awaiting_receiver", "payout.needs_review", "payout.approved", "payout.declined", "payout.filtered", "payout.error", "payout.rejected", "payout.cancelled", "payout.expired", "payout.late_event"]
    # When it happened
    at: str
    # State of the delivery. `gone`: the subscriber does not want it (410)
    state: Literal["pending", "delivered", "dead", "gone", "not_recorded"]
    # How often delivery was tried
    attempts: float
    # Why it failed last; null when it did not
    problem: Union[str, None]
    # When it will be tried next; null when it will not
    nextAttemptAt: Union[str, None]
    # When delivery ended, successfully or not; null before that
    settledAt: Union[str, None]


class Notification(TypedDict):
    # Id of the notification: subscriber, colon, clientOrderId
    id: str
    # Name of the subscriber
    subscriber: str
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # Oldest first
    events: list["NotificationDelivery"]


class PayoutNotificationsNotificationsItem(TypedDict):
    # Id of the notification: subscriber, colon, clientOrderId
    id: str
    # Name of the subscriber
    subscriber: str
    # `unreadable`: its stored data cannot be read; its events are not shown
    problem: Union[Literal["unreadable"], None]
    # Oldest first
    events: list["NotificationDelivery"]


class PayoutNotifications(TypedDict):
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # One for each subscriber and payout
    notifications: list["PayoutNotificationsNotificationsItem"]


class Resent(TypedDict):
    # Id of the notification: subscriber, colon, clientOrderId
    id: str
    # It is being delivered again
    state: Literal["pending"]


class PayoutDayHoursItem(TypedDict):
    # The beginning of the hour
    start: str
    # Payouts made in it; null while it is not counted yet
    made: Union[int, None]
    # Approved payouts that closed in it
    paid: Union[int, None]


class PayoutDayClosedWithinItem(TypedDict):
    # Closed at most so long after they were made
    seconds: int
    # So many
    count: Union[int, None]


class PayoutDay(TypedDict):
    # The last 24, oldest first
    hours: list["PayoutDayHoursItem"]
    # Open ones, `unconfirmed` or in review
    inDoubt: Union[int, None]
    # Payouts that closed in these hours
    closed: Union[int, None]
    # How long it took
    closedWithin: list["PayoutDayClosedWithinItem"]


class Me(TypedDict):
    # The name of the key, as timelines show it
    name: str
    # Who acts with it: the same for every key of one person
    person: str
    # The tenant whose payouts the key makes
    tenant: str
    # Tenants whose payouts it may see and act on; `*` is every one, and the ones that keys name follow it
    tenants: list[str]
    # What the key permits
    scopes: list[Literal["payouts:write", "payouts:read", "payouts:operate", "payouts:approve", "codec"]]
    # Address of the workflows in the Temporal UI, to which an id is appended; null without one
    temporalUi: Union[str, None]


class AttentionQueueItemsItem(TypedDict):
    # A payout, a batch that has not begun, callbacks about an unknown payout, or notifications that were given up
    kind: Literal["payout", "batch", "unmatched_callback", "notification"]
    # Why a person should look; the runbook has a page for each. Null when no one needs to
    attention: Literal["gateway_unreachable", "gateway_unreadable", "gateway_forbids", "endpoint_paused", "endpoint_not_served", "limit_reached", "hook_held", "hook_unanswered", "unlisted_status", "order_not_found", "redirect_unusable", "approval_blocked", "act_awaits_approval", "outcome_unknown", "deadline_passed", "conflict", "amount_mismatch", "order_id_mismatch", "other_transaction", "post_payout_event", "never_confirmed", "not_followed", "ended_in_error", "adopted_unseen", "awaiting_approval", "unmatched_callback", "notification_dead"]
    # Id of the payout, or of the batch
    clientOrderId: str
    # `open`: accepted, sending or processing. Null when it is not stored
    state: Union[Literal["open", "awaiting_details", "awaiting_approval", "scheduled", "unconfirmed", "awaiting_receiver", "needs_review", "approved", "declined", "filtered", "error", "rejected", "cancelled", "expired"], None]
    # Name of the configured endpoint that pays
    endpoint: Union[str, None]
    # Decimal text in major units, with at most as many decimals as the currency has
    amount: Union[str, None]
    # ISO 4217 code
    currency: Union[str, None]
    # The gateway's id of the order; null until it has answered
    orderId: Union[str, None]
    # When what an open payout waits for ends
    deadline: Union[str, None]
    # Whose payout it is
    tenant: str
    # Name of the subscriber, for notifications; otherwise null
    subscriber: Union[str, None]
    # When the payout or batch was accepted, the payout closed, or the first callback or notification came
    since: str


class AttentionQueueTotalsItem(TypedDict):
    # ISO 4217 code
    currency: str
    # How many
    count: int
    # Decimal text in major units, with at most as many decimals as the currency has
    amount: str


class AttentionQueue(TypedDict):
    # Oldest first
    items: list["AttentionQueueItemsItem"]
    # Totals of the payouts in it, by currency
    totals: list["AttentionQueueTotalsItem"]
    # True when there are more than these
    hasMore: bool


class UnmatchedCallbacksCallbacksItem(TypedDict):
    # When it first arrived
    at: str
    # Name of the configured endpoint that pays
    endpoint: str
    # The gateway's id of the order; null until it has answered
    orderId: Union[str, None]
    # The gateway's word
    status: str
    # Type of the transaction; not signed
    type: Union[str, None]
    # Not signed
    amount: Union[str, None]
    # Not signed
    currency: Union[str, None]


class UnmatchedCallbacks(TypedDict):
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # Each once, oldest first; at most 10 are kept
    callbacks: list["UnmatchedCallbacksCallbacksItem"]


class TimelineStepsItem(TypedDict):
    # When it happened
    at: str
    # Who reported it
    source: str
    # What was reported or done
    what: str
    # The state after this step
    state: Literal["awaiting_details", "awaiting_approval", "scheduled", "accepted", "sending", "unconfirmed", "processing", "awaiting_receiver", "needs_review", "approved", "declined", "filtered", "error", "rejected", "cancelled", "expired"]
    # The gateway's id of the order; null until it has answered
    orderId: Union[str, None]
    # Name of the caller whose key was used; null for a step that no person took
    actor: Union[str, None]
    # Why; it is shown in the timeline, so no account data belongs in it
    reason: Union[str, None]
    # The rule of the policies that it is about
    rule: Union[str, None]
    # Network address from which the details were entered; null without `payouts:operate`
    enteredFrom: Union[str, None]


class TimelineNext(TypedDict):
    # `watch`: the gateway is asked every few seconds until then
    what: Literal["watch", "details_ended", "approval_ended", "execute_at", "limit", "send_again", "ask", "claim_expired", "backoff_ended", "sending_ended", "horizon_ended"]
    # When it happens
    at: str


class TimelineLastWord(TypedDict):
    # What it said
    status: Literal["approved", "declined", "filtered", "error"]
    # Who reported it
    source: Literal["poll", "callback"]
    # When it happened
    at: str


class Timeline(TypedDict):
    # Your id of the payout: a letter, then at most 127 letters, digits, `.`, `_` or `-`. One per payout, never reused
    clientOrderId: str
    # Oldest first
    steps: list["TimelineStepsItem"]
    # What happens next by itself; null when it is due now, or when nothing does
    next: Union["TimelineNext", None]
    # The final status that the gateway reported last; null without one
    lastWord: Union["TimelineLastWord", None]
    # When what an open payout waits for ends: then it is final or needs a person
    deadline: Union[str, None]


class BatchList(TypedDict):
    # At most 20 on a page
    batches: list["Batch"]
    # Null on the last page
    nextCursor: Union[str, None]
