/** Signing in and out, and who one is. */
import * as z from 'zod'
import type { Context } from '../context.ts'
import { demoLogins } from '../demo/demo.ts'
import { notFound } from '../http/problem.ts'
import { jsonBody } from '../http/request.ts'
import { empty, json, member, open, type Asked, type Route } from '../http/route.ts'
import { memberOf } from './session.ts'

const credentials = z.strictObject({ email: z.string().max(254), password: z.string().max(200) })
const demoRole = z.strictObject({ role: z.enum(['admin', 'editor', 'member', 'viewer']) })

export const peopleRoutes: Route[] = [
  member('GET', '/api/session', ({ build, demo, mailbox }, { member: { userId: id, name, email, workspace, role } }) =>
    json({ user: { id, name, email }, workspace, role, build, demo, mailbox }),
  ),
  open('POST', '/api/login', async ({ auth }, { request }) => {
    const { email, password } = await jsonBody(request, credentials)
    return empty(await auth.signIn(email, password, request.headers))
  }),
  open('POST', '/api/demo-login', async ({ auth, demo }, { request }) => {
    if (!demo) throw notFound()
    const { role } = await jsonBody(request, demoRole)
    const login = demoLogins.find((one) => one.role === role)!
    return empty(await auth.signInKnown(login.email, login.password, request.headers))
  }),
  open('POST', '/api/logout', logout),
  member('GET', '/api/token', async ({ headroom }, { member: { userId, role, workspace } }) =>
    json(await headroom.createToken(workspace.id, { role, viewerId: userId })),
  ),
]

/** Ends the session here, and with it the tokens the pages of this person hold for Headroom. */
async function logout({ auth, database, headroom, log }: Context, { request }: Asked): Promise<Response> {
  const leaving = await memberOf(auth, database, request.headers)
  const cookies = await auth.signOut(request.headers)
  if (leaving) {
    // Nobody is kept signed in because Headroom does not answer: a token ends by itself within a quarter of an hour.
    await headroom.endTokens(leaving.workspace.id, leaving.userId, { timeoutMs: 2_000 }).catch((error: unknown) => {
      log('warn', { error: String(error) }, 'the tokens of someone who signed out could not be ended')
    })
  }
  return empty(cookies)
}
