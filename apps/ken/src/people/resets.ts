/** A forgotten password: a link by mail, good once, for an hour, that sets a new one and ends every session. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { nowOf } from '../clock.ts'
import { newId, transaction, type Queryable } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { writeMail, type Mail } from '../mail/mails.ts'
import { tokenPlace } from '../mail/sealed.ts'
import { isWithin, type Limit } from './attempts.ts'
import { hashOf, newSecretToken } from './secret-token.ts'
import { placesOf } from './session.ts'
import { endTokensNow, endTokensWith } from './tokens.ts'

/** Links for one address, whoever asks for them. */
const requests: Limit = { name: 'password-reset', most: 3, windowSeconds: 900 }

const validMinutes = 60

/** Longer than writing the mail takes, so that the time of the answer does not tell whether the address has an account. */
const answerMs = 300

/**
 * Sends a link to this address where it has an account and the limit allows one; nobody is told whether. The links before it stay good:
 * anybody can ask for one, and must not make worthless what somebody else is about to use.
 */
export async function requestReset(context: Context, email: string): Promise<void> {
  const send = async () => {
    if (await isWithin(context.database, requests, email)) await sendLink(context, email)
  }
  await Promise.all([send(), pause(answerMs)])
}

async function sendLink(context: Context, email: string): Promise<void> {
  const { auth, database, publicUrl } = context
  const user = await auth.userByEmail(email)
  if (!user) return
  // A mail belongs to a workspace; who belongs to none has nothing to sign in to until they are invited again.
  const [place] = await placesOf(database, user.id)
  if (!place) return
  const [id, token] = [newId('rst'), newSecretToken()]
  await database.query(
    `insert into ken.password_resets (user_id, id, token_hash, expires_at)
     values ($1, $2, $3, now() + make_interval(mins => $4))`,
    [user.id, id, hashOf(token), validMinutes],
  )
  await writeMail(context, {
    workspaceId: place.id,
    kind: 'password_reset',
    occasion: id,
    to: user,
    at: (await nowOf(context, place.id)).toISOString(),
    token,
    letter: {
      subject: 'Choose a new password for Ken',
      paragraphs: [
        `Somebody, most likely you, has asked for a new password for ${user.email}.`,
        'The link below is good for one hour, and once.',
      ],
      link: { label: 'Choose a new password', href: new URL(`/reset/${tokenPlace}`, publicUrl).href },
      footer: 'If it was not you, ignore this mail: your password stays as it is.',
    },
  })
  context.wakeWorker()
}

/** Whether this link can be used, and by whom; 409 says why it cannot. A link that was never sent is as good as expired. */
export async function showReset({ database, auth }: Context, token: string): Promise<{ email: string }> {
  const row = await find(database, token)
  const [user] = await auth.people([row.user_id])
  if (!user) throw closed('expired')
  return { email: user.email }
}

/**
 * Sets the new password and ends every session and token of the person, and their other links. Once: whoever comes second is told that
 * the link was used.
 */
export async function reset(context: Context, token: string, password: string): Promise<void> {
  const { database, auth } = context
  const { user_id: userId } = await find(database, token)
  const hash = await auth.hash(password)
  const endings = await transaction(database, async (connection) => {
    // All of the person's, in one order: two links used at the same moment wait for each other once.
    await connection.query('select 1 from ken.password_resets where user_id = $1 order by id for update', [userId])
    const { rowCount } = await connection.query(
      `update ken.password_resets set used_at = now()
        where token_hash = $1 and used_at is null and expires_at > now()`,
      [hashOf(token)],
    )
    if (rowCount === 0) throw closed('used')
    await connection.query('delete from ken.password_resets where user_id = $1 and used_at is null', [userId])
    await auth.replacePassword(userId, hash)
    const places = await placesOf(connection, userId)
    return Promise.all(places.map(({ id }) => endTokensWith(connection, id, userId)))
  })
  await Promise.all(endings.map((ending) => endTokensNow(context, ending)))
}

/** Whether the link a mail carries can still be used. */
export async function resetStands(
  { database }: Context,
  { occasion, to }: Pick<Mail, 'occasion' | 'to'>,
): Promise<boolean> {
  const { rows } = await database.query(
    'select 1 from ken.password_resets where user_id = $1 and id = $2 and used_at is null and expires_at > now()',
    [to.id, occasion],
  )
  return rows.length > 0
}

/** Forgets links that are over. They are kept for a day, so that whoever tries one that was used is told that it was. */
export async function sweepResets(database: Queryable): Promise<void> {
  await database.query(`delete from ken.password_resets where expires_at < now() - interval '1 day'`)
}

async function find(database: Context['database'], token: string): Promise<{ user_id: string }> {
  const { rows } = await database.query<{ user_id: string; is_used: boolean; is_over: boolean }>(
    `select user_id, used_at is not null as is_used, expires_at <= now() as is_over
       from ken.password_resets where token_hash = $1`,
    [hashOf(token)],
  )
  const row = rows[0]
  if (!row || (row.is_over && !row.is_used)) throw closed('expired')
  if (row.is_used) throw closed('used')
  return row
}

const closed = (state: 'used' | 'expired') =>
  new Problem(
    'conflict',
    state === 'used'
      ? 'This link has been used. Ask for a new one if you need to change the password again.'
      : 'This link has expired, or another one has been used since. Ask for a new one.',
    { state },
  )
