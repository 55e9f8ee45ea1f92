import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeError } from '../../../scripts/project';
import { launchBrowser } from '../../support/browser';
import { runCommand } from '../command';
import { openScene } from './scene';
import { SHOTS } from './shots';
import { PICTURES_DIR, takeShot } from './take';
import { TOUR_DIR, takeTour } from './tour';

/**
 * Takes the pictures of the documents from the running system: all, or with `--only` those whose name begins so. With `--tour` one of every
 * page and state, wide and narrow, light and dark, into `.cache/pictures/tour`, each judged by axe.
 */
runCommand(async () => {
  const { values } = parseArgs({
    options: { only: { type: 'string', default: '' }, tour: { type: 'boolean', default: false } },
  });
  if (values.tour) {
    const browser = await launchBrowser();
    const wrong = await takeTour(browser, values.only);
    await browser.close();
    console.log([...wrong, `${wrong.length} things are wrong; the pictures are in ${TOUR_DIR}`].join('\n'));
    return wrong.length === 0 ? 0 : 1;
  }
  const shots = SHOTS.filter(({ name }) => name.startsWith(values.only));
  if (shots.length === 0) throw new RangeError(`--only: expected one of ${SHOTS.map(({ name }) => name).join(', ')}`);
  await mkdir(PICTURES_DIR, { recursive: true });
  const browser = await launchBrowser();
  const scene = await openScene().catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  let failures = 0;
  for (const shot of shots) {
    const said = await takeShot(browser, scene, shot).then(
      (bytes) => `${Math.ceil(bytes / 1_000)} kB`,
      (error: unknown) => {
        failures += 1;
        return describeError(error);
      },
    );
    console.log(`${shot.name}: ${said}`);
  }
  await scene.close();
  await browser.close();
  return failures === 0 ? 0 : 1;
});
