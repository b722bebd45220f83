/** A path of Ken's HTTP interface: which method, who may ask, and what answers. */
import type { Context } from '../context.ts'
import type { Account } from '../people/auth.ts'
import { memberOf, mustBeAdmin, mustWork, type Member } from '../people/session.ts'
import { whileMember } from './member-stream.ts'
import { Problem } from './problem.ts'

export interface Asked {
  request: Request
  url: URL
  /** What stands in the path where the route has `:id`. */
  id: string
  /** What stands in the path where the route has `:item`, a thing within the one of `:id`. */
  item: string
}

/** Everyone, also signed out; who is signed in, in a workspace or in none; every member of the workspace; those who may start things; Admins. */
export type Right = 'anyone' | 'person' | 'member' | 'worker' | 'admin'

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  right: Right
  pattern: RegExp
  answer: (context: Context, asked: Asked) => Promise<Response> | Response
}

type ForMembers = (context: Context, asked: Asked & { member: Member }) => Promise<Response> | Response
type Make = (method: Route['method'], path: string, answer: ForMembers) => Route

/** A route that everyone reaches, signed in or not. */
export const open = (method: Route['method'], path: string, answer: Route['answer']): Route => ({
  method,
  path,
  right: 'anyone',
  pattern: new RegExp(`^${path.replace(/:(id|item)/g, '(?<$1>[A-Za-z0-9_-]{1,100})')}$`),
  answer,
})

type ForPeople = (context: Context, asked: Asked & { user: Account }) => Promise<Response> | Response

/** A route about the person who is signed in, not about a workspace: X-Workspace does not matter. */
export const person = (method: Route['method'], path: string, answer: ForPeople): Route => ({
  ...open(method, path, async (context, asked) => {
    const signedIn = await context.auth.whoIs(asked.request.headers)
    if (!signedIn) throw signInFirst(context, null)
    return answer(context, { ...asked, user: signedIn.user })
  }),
  right: 'person',
})

/** `user` is who is signed in and belongs to no workspace, where that is why. */
const signInFirst = ({ demo, build }: Context, user: Account | null) =>
  new Problem('unauthenticated', user ? 'You belong to no workspace.' : 'Sign in first.', {
    demo,
    build,
    user: user && { name: user.name, email: user.email },
  })

const guarded =
  (right: Right, guard: (member: Member) => void): Make =>
  (method, path, answer) => ({
    ...open(method, path, async (context, asked) => {
      const found = await memberOf(context.auth, context.database, asked.request.headers)
      if (!found) throw signInFirst(context, (await context.auth.whoIs(asked.request.headers))?.user ?? null)
      guard(found)
      return whileMember(context, found, await answer(context, { ...asked, member: found }))
    }),
    right,
  })

/** A route that only signed-in members reach. */
export const member = guarded('member', () => {})

/** A route for members who may start things. */
export const worker = guarded('worker', mustWork)

/** A route for Admins. */
export const admin = guarded('admin', mustBeAdmin)

export const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

/** Nothing to say but that it was done, and the cookies that come with it. */
export function empty(cookies: string[] = []): Response {
  const headers = new Headers()
  for (const cookie of cookies) headers.append('Set-Cookie', cookie)
  return new Response(null, { status: 204, headers })
}
