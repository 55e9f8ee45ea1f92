import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeError } from '../../../scripts/project';
import { launchBrowser } from '../../support/browser';
import { openScene } from './scene';
import { SHOTS } from './shots';
import { PICTURES_DIR, takeShot } from './take';

/** Takes the pictures of the documents from the running system: all, or with `--only` those whose name begins so. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
  const shots = SHOTS.filter(({ name }) => name.startsWith(values.only));
  if (shots.length === 0) throw new RangeError(`--only: expected one of ${SHOTS.map(({ name }) => name).join(', ')}`);
  await mkdir(PICTURES_DIR, { recursive: true });
  const browser = await launchBrowser();
  try {
    const scene = await openScene();
    try {
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
      process.exitCode = failures === 0 ? 0 : 1;
    } finally {
      await scene.close();
    }
  } finally {
    await browser.close();
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
