/** Requests that work as they stand, each once; the same again is answered with the payout that exists. */
export const PAYOUT_EXAMPLES = {
  bank_account: {
    summary: 'To a bank account',
    value: {
      clientOrderId: 'TRY-BANK-ACCOUNT',
      amount: '10.50',
      currency: 'EUR',
      description: 'Invoice 42',
      receiver: { firstName: 'José', lastName: 'Example', email: 'jose@example.com', ipAddress: '192.0.2.10' },
      destination: {
        type: 'bank_account',
        accountNumber: 'DE89370400440532013000',
        bankName: 'Cool Bank',
        bankBranch: 'Main',
      },
    },
  },
  card: {
    summary: 'To a card',
    value: {
      clientOrderId: 'TRY-CARD',
      amount: '500',
      currency: 'JPY',
      receiver: { firstName: 'José', lastName: 'Example', email: 'jose@example.com', ipAddress: '192.0.2.10' },
      destination: {
        type: 'card',
        cardNumber: '4444333322221111',
        cardHolder: 'JOSE EXAMPLE',
        expiryMonth: '12',
        expiryYear: '2099',
      },
    },
  },
  card_ref: {
    summary: 'To a card that the gateway knows',
    value: {
      clientOrderId: 'TRY-CARD-REF',
      amount: '10.50',
      currency: 'EUR',
      receiver: { firstName: 'José', lastName: 'Example', email: 'jose@example.com', ipAddress: '192.0.2.10' },
      destination: { type: 'card_ref', cardRefId: '12345678' },
    },
  },
  collect: {
    summary: 'The Receiver enters the account on their page',
    value: {
      clientOrderId: 'TRY-COLLECT',
      amount: '25',
      currency: 'EUR',
      description: 'Refund of order 7',
      reference: 'GL-4711',
      tags: ['refund'],
      metadata: { order: '7' },
      receiver: { email: 'jose@example.com' },
      collect: 'receiver',
      expiresIn: '7d',
    },
  },
} as const;

/** Examples of values, by the name of the schema or of the parameter. */
export const OTHER_EXAMPLES = {
  clientOrderId: PAYOUT_EXAMPLES.bank_account.value.clientOrderId,
  OperatorAct: { reason: 'Asked for by the account manager' },
  OperatorReschedule: {
    reason: 'The account is funded on Monday',
    executeAt: '2027-03-01T09:00:00',
    timeZone: 'Europe/Berlin',
  },
  OperatorResolution: { reason: 'The gateway confirmed it in writing', outcome: 'approved' },
} as const;
