/**
 * Ken's tables, in their own schema, as numbered migrations. A migration is applied once and never edited after release; each
 * statement is a round trip of its own. The workspace comes first in every key, so the tables could be spread over machines.
 */
import type { Database, Queryable } from './database.ts'

interface Migration {
  id: string
  statements: string[]
}

const migrations: Migration[] = [
  {
    id: '0001-workspaces-and-members',
    statements: [
      `create table ken.workspaces (
         id          text collate "C" primary key,
         name        text not null,
         created_at  timestamptz not null default now()
       )`,
      `create table ken.members (
         workspace_id  text collate "C" not null references ken.workspaces (id),
         user_id       text not null,
         role          text not null constraint members_role check (role in ('admin', 'editor', 'member', 'viewer')),
         created_at    timestamptz not null default now(),
         primary key (workspace_id, user_id)
       )`,
      `create index members_by_user on ken.members (user_id)`,
      `create table ken.sign_in_failures (
         email_hash    text primary key,
         failures      integer not null,
         window_start  timestamptz not null
       )`,
    ],
  },
  {
    id: '0002-campaigns-and-uploads',
    statements: [
      `create table ken.campaigns (
         workspace_id  text collate "C" not null references ken.workspaces (id),
         id            text collate "C" not null,
         name          text not null,
         criteria      jsonb not null,
         state         text not null constraint campaigns_state check (state in ('draft', 'ready')),
         owner_id      text not null,
         created_at    timestamptz not null,
         primary key (workspace_id, id)
       )`,
      `create table ken.uploads (
         workspace_id  text collate "C" not null,
         id            text collate "C" not null,
         campaign_id   text collate "C" not null,
         file_name     text not null,
         columns       jsonb not null default '[]',
         rejected      jsonb not null default '{"total":0,"first":[]}',
         rows          integer not null default 0,
         usable        integer not null default 0,
         created_by    text not null,
         created_at    timestamptz not null,
         started_at    timestamptz not null default now(),
         ready_at      timestamptz,
         primary key (workspace_id, id),
         foreign key (workspace_id, campaign_id) references ken.campaigns (workspace_id, id)
       )`,
      `create index uploads_by_campaign on ken.uploads (workspace_id, campaign_id, id)`,
      `create index uploads_unfinished on ken.uploads (started_at) where ready_at is null`,
      `create table ken.upload_rows (
         workspace_id  text collate "C" not null,
         upload_id     text collate "C" not null,
         row           integer not null,
         contact       jsonb not null,
         email_hash    text,
         fault         text,
         primary key (workspace_id, upload_id, row),
         foreign key (workspace_id, upload_id) references ken.uploads (workspace_id, id) on delete cascade
       )`,
      `create index upload_rows_by_email on ken.upload_rows (workspace_id, upload_id, email_hash, row)`,
    ],
  },
  {
    id: '0003-imports',
    statements: [
      `create table ken.imports (
         workspace_id   text collate "C" not null,
         id             text collate "C" not null,
         campaign_id    text collate "C" not null,
         upload_id      text collate "C" not null,
         state          text not null constraint imports_state
                          check (state in ('queued', 'running', 'completed', 'failed', 'cancelled')),
         ending         text constraint imports_ending
                          check (ending in ('completed', 'failed', 'cancelled', 'credits_lost')),
         viewer         jsonb not null,
         ask            jsonb,
         target         integer,
         estimate       integer not null,
         reserved       integer not null default 0,
         period_start   timestamptz,
         reserved_at    timestamptz,
         rows_total     integer not null,
         rows_read      integer not null default 0,
         last_row       integer not null default 0,
         imported       integer not null default 0,
         qualified      integer not null default 0,
         verified       integer not null default 0,
         counted        integer not null default 0,
         returned       integer not null default 0,
         not_counted    jsonb not null default '{}',
         last_part      integer not null default 0,
         notice         jsonb,
         revision       integer not null default 0,
         created_at     timestamptz not null default now(),
         started_at     timestamptz,
         finished_at    timestamptz,
         primary key (workspace_id, id),
         foreign key (workspace_id, upload_id) references ken.uploads (workspace_id, id),
         constraint imports_counted_within_reserved check (counted <= reserved)
       )`,
      `create index imports_by_campaign on ken.imports (workspace_id, campaign_id, id)`,
      `create table ken.contacts (
         workspace_id  text collate "C" not null,
         import_id     text collate "C" not null,
         row           integer not null,
         campaign_id   text collate "C" not null,
         contact       jsonb not null,
         email_hash    text,
         verdict       text not null constraint contacts_verdict check (verdict in ('counted', 'not_counted')),
         reason        text,
         label         text not null,
         verification  text,
         part          integer,
         primary key (workspace_id, import_id, row),
         foreign key (workspace_id, import_id) references ken.imports (workspace_id, id)
       )`,
      `create index contacts_by_campaign on ken.contacts (workspace_id, campaign_id, import_id, row)`,
      `create table ken.counted (
         workspace_id  text collate "C" not null,
         period_start  timestamptz not null,
         email_hash    text not null,
         import_id     text collate "C" not null,
         part          integer not null,
         primary key (workspace_id, period_start, email_hash)
       )`,
      `create table ken.settlements (
         workspace_id  text collate "C" not null,
         import_id     text collate "C" not null,
         part          integer not null,
         quantity      integer not null constraint settlements_quantity check (quantity >= 0),
         final         boolean not null,
         outcome       text constraint settlements_outcome check (outcome in ('booked', 'lost')),
         primary key (workspace_id, import_id, part),
         foreign key (workspace_id, import_id) references ken.imports (workspace_id, id)
       )`,
    ],
  },
  {
    id: '0004-jobs',
    statements: [
      `create table ken.jobs (
         workspace_id  text collate "C" not null,
         id            text collate "C" not null,
         kind          text not null,
         run_at        timestamptz not null default now(),
         locked_until  timestamptz,
         fence         bigint not null default 0,
         attempts      integer not null default 0,
         primary key (workspace_id, id)
       )`,
      `create index jobs_due on ken.jobs (run_at)`,
    ],
  },
  {
    id: '0005-mails',
    statements: [
      `alter table ken.workspaces add column payment_trouble text, add column demo_paid_at timestamptz`,
      `create table ken.mails (
         workspace_id  text collate "C" not null references ken.workspaces (id),
         id            text collate "C" not null,
         kind          text not null constraint mails_kind
                         check (kind in ('payment_failed', 'suspension_warning', 'suspended', 'trial_ending')),
         occasion      text not null,
         recipient_id  text not null,
         name          text not null,
         email         text not null,
         subject       text not null,
         text          text not null,
         html          text not null,
         state         text not null default 'queued' constraint mails_state
                         check (state in ('queued', 'sent', 'dropped', 'failed')),
         attempts      integer not null default 0,
         fault         text,
         written_at    timestamptz not null,
         sent_at       timestamptz,
         primary key (workspace_id, id),
         constraint mails_once_per_occasion unique (workspace_id, kind, occasion, recipient_id)
       )`,
      `create index mails_by_recipient on ken.mails (workspace_id, recipient_id, id)`,
    ],
  },
]

/** One number for everyone who migrates Ken's schema; a lock held on it lets the second of two processes wait for the first. */
const migrationLock = 4_653_103

/**
 * Brings the schema up to date; safe when several processes start at once and when one is killed half-way. `alsoUnderLock` runs
 * while the lock is held: the sign-in tables are another library's, and two processes must not make them at the same time either.
 */
export async function migrate(
  database: Database,
  alsoUnderLock: (applied: Set<string>) => Promise<string[]>,
): Promise<void> {
  const connection = await database.connect()
  try {
    await connection.query('select pg_advisory_lock($1)', [migrationLock])
    for (const schema of ['ken', 'auth'] as const) await ensureSchema(connection, schema)
    await connection.query(
      'create table if not exists ken.migrations (id text primary key, applied_at timestamptz not null default now())',
    )
    const { rows } = await connection.query<{ id: string }>('select id from ken.migrations')
    const applied = new Set(rows.map((row) => row.id))
    for (const migration of migrations) {
      if (applied.has(migration.id)) continue
      await connection.query('begin')
      for (const statement of migration.statements) await connection.query(statement)
      await connection.query('insert into ken.migrations (id) values ($1)', [migration.id])
      await connection.query('commit')
    }
    for (const id of await alsoUnderLock(applied))
      await connection.query('insert into ken.migrations (id) values ($1)', [id])
  } finally {
    // Closing the connection gives the lock back whatever state it is in.
    connection.release(true)
  }
}

/** Looks first: `if not exists` alone would need the right to create schemas even where an operator has made them already. */
async function ensureSchema(connection: Queryable, schema: 'ken' | 'auth'): Promise<void> {
  const { rows } = await connection.query<{ there: boolean }>('select to_regnamespace($1) is not null as there', [
    schema,
  ])
  if (rows[0]?.there !== true) await connection.query(`create schema if not exists ${schema}`)
}
