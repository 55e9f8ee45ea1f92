import AxeBuilder from '@axe-core/playwright';
import type { FastifyInstance } from 'fastify';
import { createReceiverLinks } from '../../src/api/receiver-links';
import type { Payout } from '../../src/domain/payout';
import { HASH_KEY, makeApp, makeDesk, makeReading } from '../api/app-harness';
import { makeFinal, makeFollowed, makePayout } from '../domain/samples';
import { launchBrowser, type OpenPage, type TestBrowser } from './browser';

const FORM = 'https://gate.example.com/form/1';

/** Every page a Receiver may see, by the name of its picture. */
const STATES: Readonly<Record<string, Payout>> = {
  working: makeFollowed(),
  form: makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM }),
  checking: makePayout({ state: 'needs_review', attention: 'outcome_unknown' }),
  paid: makeFinal('approved', { amount: '1234567.00' }),
  not_paid: makeFinal('declined'),
  cancelled: makePayout({ state: 'cancelled', confirmed: true }),
};

let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => await browser?.close());

/** The product's HTTP side alone, listening, with the payout it is told to have. */
async function serve() {
  let payout: Payout | null = null;
  const now = () => Date.now();
  const publicBaseUrl = 'http://127.0.0.1:3000';
  const made = await makeApp({
    desk: makeDesk({ read: async () => (payout === null ? null : makeReading(payout)) }),
    publicBaseUrl,
    now,
  });
  const app: FastifyInstance = made.app;
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const links = createReceiverLinks({ hashKey: HASH_KEY, publicBaseUrl });
  return {
    show(next: Payout): string {
      payout = { ...next, createdAtMs: now(), updatedAtMs: now() };
      return links.pageOf(payout).replace(publicBaseUrl, origin);
    },
    become(next: Partial<Payout>) {
      if (payout !== null) payout = { ...payout, ...next };
    },
    origin,
    close: async () => await app.close(),
  };
}

async function violationsOf({ page }: OpenPage): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('the pages', () => {
  let served: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(async () => await served?.close());

  describe.each(Object.entries(STATES))('%s', (name, payout) => {
    test.each([
      ['wide-light', 'en', { viewport: { width: 1280, height: 900 } }],
      ['narrow-dark', 'de', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
    ] as const)(
      '%s: nothing axe complains of, nothing refused, nothing kept, no sideways scrolling',
      async (look, language, options) => {
        const open = await browser.openPage(options);
        await open.page.goto(`${served.show(payout)}?lang=${language}`);
        await open.page.waitForFunction("document.documentElement.classList.contains('with-script')");
        await open.takePicture(`receiver-${name}-${look}`);
        expect(await violationsOf(open)).toEqual([]);
        expect(open.problems).toEqual([]);
        expect(await open.context.cookies()).toEqual([]);
        expect(new Set(open.requested.map((url) => new URL(url).origin))).toEqual(new Set([served.origin]));
        expect(await open.page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
        await open.context.close();
      },
    );
  });
});
