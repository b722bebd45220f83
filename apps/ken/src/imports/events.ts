/** An import as it goes on, as server-sent events: its state now, then after every change, until it has ended. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { eventStream, type Following } from '../http/event-stream.ts'
import { showImport, type ImportView } from './imports.ts'
import { memberOf, type Member } from '../people/session.ts'

const lookMs = 400
const heartbeatMs = 15_000

/** The stream of one import. It closes by itself at the end, and at the next heartbeat after its reader was signed out. */
export async function importEvents(context: Context, member: Member, id: string, request: Request): Promise<Response> {
  const first = await showImport(context.database, member, id)
  return eventStream(context, request, (following) => follow(context, member, first, following))
}

async function follow(
  context: Context,
  member: Member,
  first: ImportView,
  { send, request, signal }: Following,
): Promise<void> {
  let said = ''
  let heardAt = 0
  for (let now = first; ; now = await showImport(context.database, member, first.id)) {
    const json = JSON.stringify(now)
    if (json !== said) {
      send(`event: import\ndata: ${json}\n\n`)
      said = json
      heardAt = Date.now()
    }
    if (ended(now)) return
    if (Date.now() - heardAt >= heartbeatMs) {
      const reader = await memberOf(context.auth, context.database, request.headers)
      if (reader?.userId !== member.userId) return
      send(': still here\n\n')
      heardAt = Date.now()
    }
    await pause(lookMs, undefined, { signal })
  }
}

const ended = ({ state }: ImportView) => state !== 'queued' && state !== 'running'
