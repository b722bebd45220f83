/** The people of a workspace and those it has invited. */
import * as z from 'zod'
import { Problem } from '../http/problem.ts'
import { jsonBody } from '../http/request.ts'
import { admin, empty, json, member, open, type Route } from '../http/route.ts'
import { acceptInvite, showInvite } from './accepting.ts'
import { invite, listInvitations, resend, revoke } from './invitations.ts'
import { email, password, personName, role } from './person.ts'
import { changeRole, leave, listUsers, removeUser } from './roster.ts'

const nothing = z.strictObject({})
/** Who is signed in says nothing; who is new says both. */
const newcomer = z.strictObject({ name: personName, password }).partial()

export const rosterRoutes: Route[] = [
  member('GET', '/api/users', async (context, { member: reader }) => json({ users: await listUsers(context, reader) })),
  admin('PUT', '/api/users/:id', async (context, { request, member: by, id }) => {
    await changeRole(context, by, id, (await jsonBody(request, z.strictObject({ role }))).role)
    return empty()
  }),
  admin('DELETE', '/api/users/:id', async (context, { member: by, id }) => {
    await removeUser(context, by, id)
    return empty()
  }),
  member('POST', '/api/leave', async (context, { request, member: who }) => {
    const { workspace } = await jsonBody(request, z.strictObject({ workspace: z.string() }))
    // Said twice, in the header and here: nobody leaves a workspace by a page that shows another.
    if (workspace !== who.workspace.id) {
      throw new Problem('conflict', 'You are in another workspace now. Reload the page and try again.')
    }
    await leave(context, who)
    return empty()
  }),

  admin('GET', '/api/invitations', async (context, { member: reader }) =>
    json({ invitations: await listInvitations(context, reader) }),
  ),
  admin('POST', '/api/invitations', async (context, { request, member: by }) =>
    json(await invite(context, by, await jsonBody(request, z.strictObject({ email, role }))), 201),
  ),
  admin('POST', '/api/invitations/:id/resend', async (context, { request, member: by, id }) => {
    await jsonBody(request, nothing)
    return json(await resend(context, by, id))
  }),
  admin('DELETE', '/api/invitations/:id', async (context, { member: by, id }) => {
    await revoke(context, by, id)
    return empty()
  }),

  open('GET', '/api/invites/:id', async (context, { request, id }) =>
    json(await showInvite(context, id, request.headers)),
  ),
  open('POST', '/api/invites/:id/accept', async (context, { request, id }) => {
    const { name, password: chosen } = await jsonBody(request, newcomer)
    const person = name === undefined || chosen === undefined ? null : { name, password: chosen }
    const { workspace, cookies } = await acceptInvite(context, id, person, request.headers)
    const answer = json({ workspace })
    for (const cookie of cookies) answer.headers.append('Set-Cookie', cookie)
    return answer
  }),
]
