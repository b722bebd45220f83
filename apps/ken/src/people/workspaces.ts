/** New workspaces: in Headroom on the Free plan, in Ken with whoever made it as its Admin. */
import type { Context } from '../context.ts'
import { newId, transaction } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { countAttempt, type Door } from './attempts.ts'
import type { Account } from './auth.ts'

const signUps: Door = {
  name: 'sign-up',
  most: 5,
  windowSeconds: 900,
  refusal: 'Too many tries to sign up with this address. Try again in a quarter of an hour.',
}

const workspaces: Door = {
  name: 'workspace',
  most: 5,
  windowSeconds: 3_600,
  refusal: 'You have made several workspaces just now. Try again in an hour.',
}

interface SignUp {
  name: string
  email: string
  password: string
  workspace: string
}

/**
 * A new person with a workspace of their own, signed in: answers the cookies to set. An address that is taken is refused with 409, in
 * the same time it takes to look at one that is not. Cut off half-way it leaves at the most a person without a workspace, who can sign
 * in and make one.
 */
export async function signUp(context: Context, asked: SignUp, headers: Headers): Promise<string[]> {
  const { auth, database } = context
  const { name, email, password, workspace } = asked
  await countAttempt(database, signUps, email)
  const hash = await auth.hash(password)
  if (await auth.userByEmail(email)) throw taken()
  const workspaceId = newId('ws')
  await context.headroom.workspaces.create({ id: workspaceId, name: workspace })
  const userId = await auth.createUser({ name, email, hash }).catch(async (error: unknown) => {
    // Two sign-ups with one address at the same moment: one of them is second.
    if (await auth.userByEmail(email)) throw taken()
    throw error
  })
  await add(context, { id: workspaceId, name: workspace, adminId: userId })
  return auth.signInKnown(email, password, headers)
}

const taken = () =>
  new Problem('conflict', 'There is an account with this address already. Sign in, or reset the password.', {
    errors: [{ path: 'email', message: 'There is an account with this address already.' }],
  })

/** A further workspace for somebody who is signed in, also for who belongs to none. Asked twice it makes two. */
export async function createWorkspace(
  context: Context,
  user: Account,
  name: string,
): Promise<{ id: string; name: string }> {
  await countAttempt(context.database, workspaces, user.id)
  const id = newId('ws')
  await context.headroom.workspaces.create({ id, name })
  await add(context, { id, name, adminId: user.id })
  return { id, name }
}

async function add(
  { database }: Context,
  { id, name, adminId }: { id: string; name: string; adminId: string },
): Promise<void> {
  await transaction(database, async (connection) => {
    await connection.query('insert into ken.workspaces (id, name) values ($1, $2)', [id, name])
    await connection.query(`insert into ken.members (workspace_id, user_id, role) values ($1, $2, 'admin')`, [
      id,
      adminId,
    ])
  })
}
