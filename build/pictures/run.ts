import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launchChromium } from '../../testing/chromium';
import { stateOf } from '../../testing/setup-page/answers';
import { PlayedSetupService } from '../../testing/setup-page/service';
import { openPage, shoot } from './camera';
import { takeConsolePictures } from './console';
import { SETUP_PAGE_PICTURES } from './setup-page';

/*
 * npm run pictures                   of every page, at two widths and in both themes, into docs/pictures/
 * npm run pictures -- mapping        of those whose names have that in them
 */

const FOLDER = resolve(__dirname, '../../docs/pictures');
const WIDTHS = { wide: 1_100, narrow: 360 } as const;
const THEMES = ['light', 'dark'] as const;

async function main(): Promise<void> {
  const [wanted = ''] = process.argv.slice(2);
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchChromium();
  const service = await new PlayedSetupService().start();
  try {
    for (const picture of SETUP_PAGE_PICTURES.filter(({ name }) => name.includes(wanted))) {
      for (const colorScheme of THEMES) {
        for (const [width, pixels] of Object.entries(WIDTHS)) {
          service.state = stateOf();
          service.problem = undefined;
          const page = await openPage(browser, pixels, colorScheme);
          await picture.take(page, service);
          const bytes = await shoot(page, join(FOLDER, `${picture.name}-${width}-${colorScheme}.webp`));
          console.log(`${picture.name}-${width}-${colorScheme}: ${bytes} bytes`);
          await page.context().close();
        }
      }
    }
    await takeConsolePictures(browser, FOLDER, wanted);
  } finally {
    await browser.close();
    await service.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
