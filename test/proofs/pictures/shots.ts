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
const inNamespace = (filter: string) => (scene: Scene) =>
  `${scene.temporalUi}/namespaces/default/workflows${filter && `?query=${encodeURIComponent(filter)}`}`;
/** Where the Temporal UI has the current details, in a frame of their own. */
const openDetails = (page: Page) => page.getByText('User Metadata').first().click();

type Rest = Pick<Shot, 'until'> & Partial<Shot>;
const wide = (name: string, height: number | null, locate: Shot['locate'], rest: Rest): Shot => ({
  ...{ name, width: 'wide', height, locate, ...rest },
});
const phone = (name: string, locate: Shot['locate'], until: string): Shot => ({
  ...{ name, width: 'phone', height: null, locate, until: [until] },
});
const framed = (until: string): Rest => ({ prepare: openDetails, until: [until], isFramed: true });

/** Every picture of the documents. */
export const SHOTS: readonly Shot[] = [
  wide('temporal-list', 720, inNamespace(''), { until: ['9 Workflows', 'awaiting_receiver'] }),
  wide('temporal-attention', 470, inNamespace('PayoutAttention IS NOT NULL'), { until: ['amount_mismatch'] }),
  wide('temporal-approved', 900, inTemporal('approved'), {
    until: ['"firstName": "Ada"', 'watchOrder'],
  }),
  wide('temporal-review', 800, inTemporal('review'), framed('needs a person')),
  wide('temporal-receiver', 730, inTemporal('form'), framed('the Receiver, who must fill in')),
  phone('receiver-waiting', ofReceiver('waiting'), 'is being processed'),
  phone('receiver-form', ofReceiver('form'), 'One more step'),
  phone('receiver-details', ofReceiver('collect'), 'Where should the money go?'),
  phone('receiver-approved', ofReceiver('approved'), 'has been sent'),
  phone('receiver-german', ofReceiver('collect', 'de'), 'Möglich bis'),
  wide('operate-list', null, (scene) => `${scene.api}/operate`, {
    until: ['a person', 'amount mismatch'],
  }),
  wide('operate-review', null, (scene) => `${scene.api}/operate#/payouts/${scene.ids.review}`, {
    until: ['Resolve', 'create call', '100.00 EUR'],
  }),
];
