/** A build as it goes on, as server-sent events: its state now, then after every change. Reading them keeps its credit held. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { eventStream, type Following } from '../http/event-stream.ts'
import { memberOf, type Member } from '../people/session.ts'
import { visibleBuild } from './build-rows.ts'
import type { BuildView } from './build-view.ts'
import { showBuild, view } from './show.ts'

const lookMs = 400
const heartbeatMs = 15_000

/** The stream of one build. It closes by itself when the build is completed or gone, and soon after its reader was signed out. */
export async function buildEvents(context: Context, member: Member, id: string, request: Request): Promise<Response> {
  const first = await showBuild(context, member, id)
  return eventStream(context, request, (following) => follow(context, member, first, following))
}

async function follow(
  context: Context,
  member: Member,
  first: BuildView,
  { send, request, signal }: Following,
): Promise<void> {
  let said = ''
  let beatAt = Date.now()
  for (let now = first; ;) {
    const json = JSON.stringify(now)
    if (json !== said) {
      send(`event: build\ndata: ${json}\n\n`)
      said = json
    }
    if (now.state === 'completed') return
    await pause(lookMs, undefined, { signal })
    if (Date.now() - beatAt < heartbeatMs) {
      now = view(await visibleBuild(context.database, member, first.id))
      continue
    }
    const reader = await memberOf(context.auth, context.database, request.headers)
    if (reader?.userId !== member.userId) return
    send(': still here\n\n')
    now = await showBuild(context, member, first.id)
    beatAt = Date.now()
  }
}
