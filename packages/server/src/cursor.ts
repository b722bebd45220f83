/** A cursor belongs to the list it came from: anywhere else it would silently skip. */
import { createHash } from 'node:crypto'
import type { Page } from '@headroom/core'
import { invalid } from './problem.ts'

const markOf = (list: string, workspace: string): string =>
  createHash('sha256').update(`${list} ${workspace}`).digest('base64url').slice(0, 10)

/** The engine's cursor behind a client's; throws the 422 for one of another list or workspace. */
export function openCursor(list: string, workspace: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const mark = markOf(list, workspace)
  if (!cursor.startsWith(mark)) throw badCursor()
  return cursor.slice(mark.length)
}

/** A page as the client sees it. */
export function sealCursor<Item>(list: string, workspace: string, page: Page<Item>): Page<Item> {
  const { data, nextCursor } = page
  return { data, nextCursor: nextCursor === null ? null : markOf(list, workspace) + nextCursor }
}

export const badCursor = () => invalid([{ path: 'cursor', message: 'is not a nextCursor of this list' }])
