import { GUIDES } from '../../console/guides';
import { indexPage } from './index-page';
import { guidePage } from './page';
import { drawForm } from './picture';
import { pictured } from './steps';

/** All files of `docs/setup/` as the guides are now, by their names there: a page each, and a picture for each form. */
export const guideFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', indexPage()],
    ...GUIDES.flatMap((guide) => [
      [`${guide.id}.md`, guidePage(guide)] as const,
      ...pictured(guide).flatMap(({ file, step }) =>
        step.form === undefined ? [] : [[file, drawForm(step.form)] as const],
      ),
    ]),
  ]);
