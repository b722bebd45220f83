/** Signing up, in and out, who one is, and how one wants it. */
import * as z from 'zod'
import type { Context } from '../context.ts'
import { demoLogins, type DemoLogin } from '../demo/demo.ts'
import { notFound, Problem } from '../http/problem.ts'
import { jsonBody } from '../http/request.ts'
import { empty, json, member, open, person, type Asked, type Route } from '../http/route.ts'
import { choicesOf, choose, notificationKinds } from './notifications.ts'
import { email, password, personName, workspaceName } from './person.ts'
import { requestReset, reset, showReset } from './resets.ts'
import { rosterRoutes } from './roster-routes.ts'
import { placesOf } from './session.ts'
import { endTokensNow, endTokensWith, newToken } from './tokens.ts'
import { createWorkspace, signUp } from './workspaces.ts'

const credentials = z.strictObject({ email: z.string().max(254), password: z.string().max(200) })
const demoRole = z.strictObject({ role: z.enum(['admin', 'editor', 'member', 'viewer']) })
const newPerson = z.strictObject({ name: personName, email, password, workspace: workspaceName })
const newPassword = z.strictObject({ current: z.string().max(200), next: password })
const choice = z.strictObject({ kind: z.enum(notificationKinds), on: z.boolean() })

const signingIn: Route[] = [
  open('POST', '/api/login', async ({ auth }, { request }) => {
    const given = await jsonBody(request, credentials)
    return empty(await auth.signIn(given.email, given.password, request.headers))
  }),
  open('POST', '/api/demo-login', async (context, { request }) => {
    if (!context.demo) throw notFound()
    const { role } = await jsonBody(request, demoRole)
    return empty(
      await demoSignIn(
        context,
        demoLogins.find((one) => one.role === role)!,
        request.headers,
      ),
    )
  }),
  open('POST', '/api/signup', async (context, { request }) =>
    empty(await signUp(context, await jsonBody(request, newPerson), request.headers)),
  ),
  open('POST', '/api/logout', logout),
  open('POST', '/api/forgot', async (context, { request }) => {
    await requestReset(context, (await jsonBody(request, z.strictObject({ email }))).email)
    return empty()
  }),
  open('GET', '/api/resets/:id', async (context, { id }) => json(await showReset(context, id))),
  open('POST', '/api/resets/:id', async (context, { request, id }) => {
    await reset(context, id, (await jsonBody(request, z.strictObject({ password }))).password)
    return empty()
  }),
]

const oneself: Route[] = [
  member('GET', '/api/session', async (context, { member: who }) => {
    const { build, demo, mailbox, database } = context
    const { userId: id, name, email: address, workspace, role } = who
    const [workspaces, notifications] = await Promise.all([placesOf(database, id), choicesOf(context, who)])
    return json({
      user: { id, name, email: address },
      workspace,
      role,
      workspaces,
      notifications,
      build,
      demo,
      mailbox,
    })
  }),
  member('GET', '/api/token', async (context, { member: who }) => json(await newToken(context, who))),
  person('POST', '/api/workspaces', async (context, { request, user }) => {
    const { name } = await jsonBody(request, z.strictObject({ name: workspaceName }))
    return json({ workspace: await createWorkspace(context, user, name) }, 201)
  }),
  person('PUT', '/api/profile', async ({ auth }, { request, user }) => {
    const { name } = await jsonBody(request, z.strictObject({ name: personName }))
    await auth.rename(user.id, name)
    return empty()
  }),
  person('PUT', '/api/password', async (context, { request, user }) => {
    const cookies = await context.auth.changePassword(user.email, await jsonBody(request, newPassword), request.headers)
    await endAllTokens(context, user.id)
    return empty(cookies)
  }),
  member('PUT', '/api/notifications', async (context, { request, member: who }) => {
    await choose(context, who, await jsonBody(request, choice))
    return json({ notifications: await choicesOf(context, who) })
  }),
]

export const peopleRoutes: Route[] = [...signingIn, ...oneself, ...rosterRoutes]

/** One click signs in, also after somebody has tried out to change the password of a demo user: then it gets its old one back. */
async function demoSignIn({ auth }: Context, login: DemoLogin, headers: Headers): Promise<string[]> {
  try {
    return await auth.signInKnown(login.email, login.password, headers)
  } catch (error) {
    const user = error instanceof Problem && error.code === 'wrong_credentials' && (await auth.userByEmail(login.email))
    if (!user) throw error
    await auth.replacePassword(user.id, await auth.hash(login.password))
    return auth.signInKnown(login.email, login.password, headers)
  }
}

/** Ends the session here, and with it the tokens the pages of this person hold for Headroom. */
async function logout(context: Context, { request }: Asked): Promise<Response> {
  const leaving = await context.auth.whoIs(request.headers)
  const cookies = await context.auth.signOut(request.headers)
  if (leaving) await endAllTokens(context, leaving.user.id)
  return empty(cookies)
}

/** In all workspaces of this person; pages that are still signed in ask for new ones. */
async function endAllTokens(context: Context, userId: string): Promise<void> {
  const places = await placesOf(context.database, userId)
  await Promise.all(
    places.map(async ({ id }) => endTokensNow(context, await endTokensWith(context.database, id, userId))),
  )
}
