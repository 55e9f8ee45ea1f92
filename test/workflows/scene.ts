import type { LimitActivities } from '../../src/activities/limit-activities';
import type { Gate } from '../../src/domain/gate';
import type { OperatorOrder } from '../../src/domain/operator';
import type { OrderReport } from '../../src/domain/order-report';
import type { PayoutPolicy } from '../../src/domain/poll-plan';
import type { Attempt } from '../../src/notifications/sender';
import type { Reading } from '../../src/store/payouts';
import type { GatewayScript } from './scripted-gateway';
import type { SubscriberScript } from './scripted-subscriber';

/** A promise that waits until it is released; what is never released by a path is released after it. */
export interface Hold {
  readonly released: Promise<void>;
  release(): void;
}

/** What a path may do beside what the gateway says. Times are the server's. */
export interface Scene {
  /** Lets the time pass; whatever is due on the way happens. */
  sleep(duration: `${number}${'s' | 'm' | 'h' | 'd'}`): Promise<void>;
  callBack(report: OrderReport, endpoint?: string): Promise<void>;
  /** A signal as anybody with access to the server can send it. */
  signalByHand(...args: readonly unknown[]): Promise<void>;
  /** The same under the name of the signal that carries details. */
  detailByHand(...args: readonly unknown[]): Promise<void>;
  requestCancellation(): Promise<void>;
  /** Lets the time pass while a call waits that no worker takes; false when none waits. The server by itself skips no time then. */
  passUntaken(duration: `${number}m`): Promise<boolean>;
  /** An operator's act: the state after it, or why it is refused. */
  operate(order: OperatorOrder): Promise<string>;
  /** A person acknowledges what came after the payout, while that is still asked about: all of it, or as much as they saw. */
  acknowledge(seen?: number): Promise<void>;
  /** The Receiver enters where the money goes. */
  enterDetails(accountNumber: string): Promise<void>;
  /** The Receiver comes back from the gateway's form. */
  comeBack(): Promise<void>;
  /** Resolves when the workflow has closed, without time being skipped for it. */
  closed(): Promise<void>;
  /** The keys have changed: whether enough others may approve. */
  signalApprovers(isBlocked: boolean): Promise<void>;
  /** The payout as callers of the API see it now. */
  read(): Promise<Reading>;
  createHold(): Hold;
}

/** One way a payout can go. Its name is the name of its recorded history. */
export interface Path {
  readonly name: string;
  /** Over the default policy. */
  readonly policy?: Partial<PayoutPolicy>;
  /** Default: the default tenant. */
  readonly tenant?: string;
  /** What has to happen before the send, of a payout accepted at this time. */
  readonly gate?: (atMs: number) => Gate;
  /** How the service that is asked before the send answers each request. */
  readonly hook?: (nth: number) => Attempt;
  /** What other payouts do to its limits before it starts. */
  readonly prepare?: (limits: LimitActivities) => Promise<void>;
  /** The Receiver is asked where the money goes, and has so long. */
  readonly collectFor?: string;
  readonly gateway: (scene: Scene) => GatewayScript;
  /** Default the one that a worker serves. */
  readonly endpoint?: string;
  /** A subscriber that is told of the payout; none when absent. */
  readonly subscriber?: (scene: Scene) => SubscriberScript;
  /** What else happens, from the start on. */
  readonly act?: (scene: Scene) => Promise<void>;
  /** `open`: the path ends after `act` with the payout in a person's hands. */
  readonly ends: 'closed' | 'open';
  /** Its API has traces on. */
  readonly isTraced?: true;
  /** An event after the payout is claimed: its own workflow is played to its end too. */
  readonly hasLateEvents?: true;
}
