/** All that is known of the workspaces in which something was violated, as files: for whoever wants to understand it. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from './checker/rows.ts'
import type { Violation } from './checker/violations.ts'
import type { History } from './history.ts'

/** Answers the folder; null where there is nothing to keep. */
export async function keepEvidence(
  violations: readonly Violation[],
  { books, now }: Snapshot,
  { calls }: History,
  seed: number,
  said: Record<string, string[]>,
): Promise<string | null> {
  if (violations.length === 0) return null
  const folder = await mkdtemp(join(tmpdir(), `headroom-torture-evidence-${seed}-`))
  for (const workspace of new Set(violations.map((one) => one.workspace))) {
    const mine = workspace === null ? undefined : books.get(workspace)
    const known = {
      violations: violations.filter((one) => one.workspace === workspace),
      now: new Date(now).toISOString(),
      books: mine && { ...mine, reservations: [...mine.reservations.values()], answers: [...mine.answers] },
      calls: calls.filter((call) => call.workspace === workspace),
    }
    await writeFile(join(folder, `${workspace ?? 'none'}.json`), JSON.stringify(known, null, 1))
  }
  await writeFile(join(folder, 'servers.json'), JSON.stringify(said, null, 1))
  return folder
}
