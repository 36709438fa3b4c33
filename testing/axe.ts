import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on the page as it is shown now: rule, element and why. Given the names of rules, it looks at these
 * alone.
 */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Over the debugger's connection, so that the page's Content-Security-Policy stays as it is.
  if (!(await page.evaluate<boolean>("'axe' in window")))
    await page.evaluate(`{ const module = undefined; ${AXE} }; void 0`);
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
