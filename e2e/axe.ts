import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** One line per violation and place, empty when the page is clean: `expect(await violations(page)).toEqual([])`. */
export async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help}: ${node.target.join(' ')}`),
  )
}
