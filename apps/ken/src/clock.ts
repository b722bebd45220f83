/** What time it is for a workspace. */
import type { Context } from './context.ts'

/** Headroom's clock where it can be asked, so that a demo under a test clock shows one time everywhere. */
export async function nowOf({ headroom, log }: Context, workspaceId: string): Promise<Date> {
  try {
    return new Date((await headroom.balances(workspaceId, {}, { timeoutMs: 2_000 })).asOf)
  } catch (error) {
    log('warn', { error: String(error) }, 'the time was taken from this machine')
    return new Date()
  }
}
