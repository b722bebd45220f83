import type { Page, PurchaseWire, WorkspaceId } from '@headroom/core'
import type { EngineInterface } from '@headroom/engine'
import { purchaseWire } from './purchase-wire.ts'

/** Newest first. A cursor is the last purchase of the page before; one of another workspace is refused. */
export async function purchasePage(
  engine: EngineInterface,
  workspace: WorkspaceId,
  { cursor, limit }: { cursor?: string; limit: number },
  full: boolean,
): Promise<Page<PurchaseWire> | 'bad_cursor' | undefined> {
  if (!(await engine.workspace(workspace))) return undefined
  const before = cursor === undefined ? null : readCursor(cursor)
  if (before === undefined) return 'bad_cursor'
  if (before !== null && (await engine.purchases.get(workspace, before))?.id !== before) return 'bad_cursor'
  const rows = await engine.purchases.list(workspace, before, limit + 1)
  const data = rows.slice(0, limit).map((row) => purchaseWire(row, full))
  const nextCursor = rows.length > limit ? Buffer.from(`p:${data.at(-1)!.id}`).toString('base64url') : null
  return { data, nextCursor }
}

function readCursor(cursor: string): string | undefined {
  return /^p:(pur_[0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1]
}
