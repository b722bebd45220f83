import { Client } from 'pg'
import type { Passwords } from './passwords.ts'

export const OWNER_ROLE = 'headroom_owner'
export const APP_ROLE = 'headroom'
export const DATABASE = 'headroom'

export const localUrl = (port: number, role: string, password: string, database = DATABASE): string =>
  `postgresql://${role}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`

/**
 * Makes the two ordinary roles where missing: `headroom_owner` owns the database and runs migrations, `headroom` is the
 * application and may only connect until migrations grant it more. A repeat changes nothing, passwords included.
 */
export async function ensureRoles(admin: Client, passwords: Passwords): Promise<void> {
  const { rows } = await admin.query<{ rolname: string }>('select rolname from pg_roles where rolname in ($1, $2)', [
    OWNER_ROLE,
    APP_ROLE,
  ])
  const found = rows.map((row) => row.rolname)
  if (!found.includes(OWNER_ROLE)) await createRole(admin, OWNER_ROLE, passwords.owner)
  if (!found.includes(APP_ROLE)) await createRole(admin, APP_ROLE, passwords.app)
}

/** Makes the database where missing, and finishes what a killed start left undone. */
export async function ensureDatabase(admin: Client, database: string): Promise<void> {
  const { rows } = await admin.query<{ granted: boolean }>(
    'select datacl is not null as granted from pg_database where datname = $1',
    [database],
  )
  if (!rows[0]) await createDatabase(admin, database)
  else if (!rows[0].granted) await grantConnect(admin, database)
}

/** Creates a database of the owner role, empty or as a copy of another one that nobody is connected to. */
export async function createDatabase(admin: Client, database: string, template = 'template0'): Promise<void> {
  const name = admin.escapeIdentifier(database)
  await admin.query(`create database ${name} owner ${OWNER_ROLE} template ${admin.escapeIdentifier(template)}`)
  await grantConnect(admin, database)
}

async function createRole(admin: Client, role: string, password: string): Promise<void> {
  await admin.query(`create role ${role} login password ${admin.escapeLiteral(password)}`)
}

/** Both statements in one round trip are one transaction: a database with any grant has them all. */
async function grantConnect(admin: Client, database: string): Promise<void> {
  const name = admin.escapeIdentifier(database)
  await admin.query(`revoke all on database ${name} from public; grant connect on database ${name} to ${APP_ROLE}`)
}

/** A connection for one short errand. The environment's own PG settings (say, PGSSLMODE) are not for our server. */
export async function connect(url: string, options: { ssl?: false } = {}): Promise<Client> {
  const client = new Client({ connectionString: url, ...options })
  // A server that goes away between two queries must not bring the process down; the next query tells.
  client.on('error', () => {})
  await client.connect()
  return client
}
