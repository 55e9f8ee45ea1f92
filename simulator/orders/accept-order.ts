import { randomBytes } from 'node:crypto';
import type { Scenario } from '../scenario';
import { findScenario, scenarioOfDigits } from '../scenarios';
import type { Settings } from '../settings';
import type { Simulation } from '../simulation';
import { formatAmount } from '../wire/payout-fields';
import type { AcceptedEntry } from './ledger-entry';

/** The scenario of a create request: forced, or chosen by the number of the account or card, or the reference of the card. It goes no further. */
export interface ChosenScenario {
  readonly scenario: Scenario;
  readonly settings: Partial<Settings>;
  readonly declineCode: string;
}

/** Uses up one of the scenarios forced for the next creates, so it is called once per accepted request. */
export function chooseScenario(simulation: Simulation, fields: ReadonlyMap<string, string>): ChosenScenario {
  const forced = simulation.forced.take(fields.get('client_orderid') ?? '');
  const names = ['account_number', 'credit_card_number', 'destination-card-ref-id'];
  const number = names.map((name) => fields.get(name)).find(Boolean) ?? '';
  const digits = number.slice(-3);
  const scenario = forced?.scenario ?? scenarioOfDigits(digits);
  const ownCode = findScenario('declined')?.digits.find((code) => code === digits);
  return {
    scenario,
    settings: forced?.settings ?? {},
    declineCode: scenario.asksReceiver ? '100' : (ownCode ?? '116'),
  };
}

export interface AcceptedRequest {
  readonly fields: ReadonlyMap<string, string>;
  readonly chosen: ChosenScenario;
  readonly endpointId: string;
  readonly serialNumber: string;
}

/** The ledger entry of a new order. Only ids, amounts and URLs are kept of the request. */
export function draftOrder(simulation: Simulation, request: AcceptedRequest): AcceptedEntry {
  const { fields, chosen, endpointId, serialNumber } = request;
  const settings = { ...simulation.settings(), ...chosen.settings };
  const isLate = chosen.scenario.creation === 'late';
  return {
    kind: 'accepted',
    orderId: simulation.orders.nextOrderId(),
    clientOrderId: fields.get('client_orderid') ?? '',
    endpointId,
    serialNumber,
    amount: formatAmount(fields.get('amount') ?? ''),
    currency: fields.get('currency') ?? '',
    scenario: chosen.scenario.name,
    declineCode: chosen.declineCode,
    serverCallbackUrl: fields.get('server_callback_url') || null,
    notifyUrl: fields.get('notify_url') || null,
    redirectUrl: fields.get('redirect_url') || null,
    redirectSuccessUrl: fields.get('redirect_success_url') || null,
    redirectFailUrl: fields.get('redirect_fail_url') || null,
    formToken: randomBytes(16).toString('base64url'),
    visibleAtMs: simulation.now() + (isLate ? settings.lateMs : 0),
    settings: chosen.settings,
  };
}
