import type { Books, Changes, Instant } from '@headroom/core'
import type { Absent } from './warm-books.ts'

/** What a batch took for granted without having read it under its locks, so that the write must compare it. */
export interface Assumed {
  /** The instant it was decided at; null: it was read in this transaction. */
  now: Instant | null
  /** The batch's own name in its session, and that of the batch ahead whose outcome was not known yet; null: there was none. */
  own: string
  ahead: string | null
  /** The workspaces decided on from memory. */
  asleep: ReadonlySet<string>
  /** Those of them that did not change. */
  unchanged: readonly { workspace: string; version: number }[]
  /** What was taken for not there and is not inserted: the keys of the rows inserted tell of the rest. */
  absent: Absent
}

export const nothingAssumed: Assumed = {
  now: null,
  own: '',
  ahead: null,
  asleep: new Set(),
  unchanged: [],
  absent: { reservations: [], answers: [] },
}

/**
 * After the changes are remembered: what was inserted then stands in the books. `cold` are the workspaces of the batch that were read
 * under their locks.
 */
export function assumedFor(
  books: Books['workspaces'],
  cold: ReadonlySet<string>,
  absent: Absent,
  changes: Changes,
  { now, own, ahead }: Pick<Assumed, 'now' | 'own' | 'ahead'>,
): Assumed {
  const asleep = new Set<string>()
  const unchanged: { workspace: string; version: number }[] = []
  const changed = new Set(changes.workspaces.map(({ row }) => row.workspace))
  for (const [workspace, { workspace: row }] of books) {
    if (cold.has(workspace)) continue
    asleep.add(workspace)
    if (!changed.has(workspace)) unchanged.push({ workspace, version: row!.version })
  }
  const stored = new Set(changes.answers.map(({ workspace, key }) => `${workspace} ${key}`))
  return {
    now,
    own,
    ahead,
    asleep,
    unchanged,
    absent: {
      reservations: absent.reservations.filter(({ workspace, name }) => !books.get(workspace)!.reservations.get(name)),
      answers: absent.answers.filter(({ workspace, name }) => !stored.has(`${workspace} ${name}`)),
    },
  }
}

/** The versions that the workspaces decided on from memory were at. */
export const versionsOf = ({ asleep, unchanged }: Assumed, changes: Changes): [string, number][] => [
  ...changes.workspaces
    .filter(({ row }) => asleep.has(row.workspace))
    .map(({ row, versionBefore }): [string, number] => [row.workspace, versionBefore!]),
  ...unchanged.map(({ workspace, version }): [string, number] => [workspace, version]),
]
