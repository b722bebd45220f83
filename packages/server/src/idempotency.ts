/** The Idempotency-Key and its scope: workspace (kept with the answer) + key or viewer + route (api.md). */
import { createHash } from 'node:crypto'
import type { Principal } from '@headroom/engine'
import { invalid } from './problem.ts'

const visibleAscii = /^[\x21-\x7e]{1,255}$/

export const isIdempotencyKey = (text: string): boolean => visibleAscii.test(text)

/** Null without the header; throws the 422 for one that is empty, too long or not visible ASCII. */
export function idempotencyKeyOf(header: string | null): string | null {
  if (header === null || isIdempotencyKey(header)) return header
  throw invalid([{ path: 'Idempotency-Key', message: 'must be 1-255 visible ASCII characters' }])
}

/** Another caller, or another route, is another key; a viewer's next token is the same caller. A batch item and the single request it stands for share theirs. */
export const scopedKey = ({ id, viewerId }: Principal, route: string, key: string): string =>
  `${viewerId === null ? id : `viewer:${viewerId}`} ${route} ${key}`

/** A workspace made without an id repeats by its key: the same caller and key name the same workspace. */
export function workspaceIdOf(principal: Principal, key: string): string {
  const hash = createHash('sha256').update(`${principal.id} ${key}`).digest('base64url')
  return `ws_${hash.slice(0, 24)}`
}
