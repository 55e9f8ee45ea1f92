import type { Page } from 'playwright-core';
import { linkToWorkflow } from '../../../scripts/demonstration';
import type { PlayName, Scene } from './scene';

/** Widths in pixels: a desktop and a phone. */
export const WIDTHS = { wide: 1280, phone: 390 } as const;
/** A picture larger than this is refused: documents should open quickly. */
export const MAX_BYTES = 200_000;

export interface Shot {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly width: keyof typeof WIDTHS;
  /** Pixels; null for the whole page, however long. */
  readonly height: number | null;
  readonly locate: (scene: Scene) => string;
  /** What a person does on the page first. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** The picture is taken once the page says all of this, or the frame in it when `isFramed`. */
  readonly until: readonly string[];
  readonly isFramed?: true;
}

const inTemporal = (play: PlayName) => (scene: Scene) => linkToWorkflow(scene.temporalUi, scene.ids[play]);
const ofReceiver =
  (play: PlayName, language = 'en') =>
  (scene: Scene) =>
    `${scene.receiverPages[play]}?lang=${language}`;
const filtered = (filter: string) => (scene: Scene) =>
  `${scene.temporalUi}/namespaces/default/workflows?query=${encodeURIComponent(filter)}`;
/** Where the Temporal UI has the current details, in a frame of their own. */
const openDetails = (page: Page) => page.getByText('User Metadata').first().click();

/** Every picture of the documents. */
export const SHOTS: readonly Shot[] = [
  {
    ...{ name: 'temporal-list', width: 'wide', height: 720 },
    ...{
      locate: (scene) => `${scene.temporalUi}/namespaces/default/workflows`,
      until: ['9 Workflows', 'awaiting_receiver'],
    },
  },
  {
    ...{ name: 'temporal-attention', width: 'wide', height: 470 },
    ...{ locate: filtered('PayoutAttention IS NOT NULL'), until: ['amount_mismatch'] },
  },
  {
    ...{ name: 'temporal-approved', width: 'wide', height: 900 },
    ...{ locate: inTemporal('approved'), until: ['"firstName": "Ada"', 'ask the order status every'] },
  },
  {
    ...{ name: 'temporal-review', width: 'wide', height: 800 },
    ...{ locate: inTemporal('review'), prepare: openDetails },
    ...{ until: ['Runbook: amount_mismatch'], isFramed: true },
  },
  {
    ...{ name: 'temporal-receiver', width: 'wide', height: 730 },
    ...{ locate: inTemporal('form'), prepare: openDetails },
    ...{ until: ['the Receiver, who must fill in'], isFramed: true },
  },
  {
    ...{ name: 'receiver-waiting', width: 'phone', height: null },
    ...{ locate: ofReceiver('waiting'), until: ['is being processed'] },
  },
  {
    ...{ name: 'receiver-form', width: 'phone', height: null },
    ...{ locate: ofReceiver('form'), until: ['One more step'] },
  },
  {
    ...{ name: 'receiver-details', width: 'phone', height: null },
    ...{ locate: ofReceiver('collect'), until: ['Where should the money go?'] },
  },
  {
    ...{ name: 'receiver-approved', width: 'phone', height: null },
    ...{ locate: ofReceiver('approved'), until: ['has been sent'] },
  },
  {
    ...{ name: 'receiver-german', width: 'phone', height: null },
    ...{ locate: ofReceiver('collect', 'de'), until: ['Betrag'] },
  },
  {
    ...{ name: 'operate-list', width: 'wide', height: null },
    ...{ locate: (scene) => `${scene.api}/operate`, until: ['need attention', 'amount mismatch', 'PO-000101'] },
  },
  {
    ...{ name: 'operate-review', width: 'wide', height: null },
    ...{
      locate: (scene) => `${scene.api}/operate#/payouts/${scene.ids.review}`,
      until: ['Resolve', 'submission', '100.00 EUR'],
    },
  },
];
