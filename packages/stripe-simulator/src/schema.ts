import type pg from 'pg'

/**
 * The simulator's own schema. `objects` holds everything Stripe would keep, as it travels; `fields` are an object's plain
 * top-level values, which is what lists filter by. The one row of `gate` is locked by every transaction: Stripe's order
 * is the order of that lock, whoever serves.
 */
const schema = `
  create schema if not exists stripe_simulator;

  create table if not exists stripe_simulator.gate (
    id         integer primary key check (id = 1),
    settings   jsonb  not null default '{}',
    settled_to bigint not null default 0
  );
  insert into stripe_simulator.gate (id) values (1) on conflict do nothing;

  create table if not exists stripe_simulator.objects (
    seq     bigint generated always as identity,
    kind    text   not null,
    id      text   not null,
    created bigint not null,
    fields  jsonb  not null,
    body    json   not null,
    primary key (kind, id)
  );
  create index if not exists objects_newest on stripe_simulator.objects (kind, seq desc);
  create index if not exists objects_fields on stripe_simulator.objects using gin (fields jsonb_path_ops);

  create table if not exists stripe_simulator.deliveries (
    id            bigint generated always as identity primary key,
    event         text    not null,
    state         text    not null check (state in ('waiting', 'delivered', 'dropped', 'failed')),
    attempts      integer not null default 0,
    due_at        bigint  not null,
    due_by_clock  bigint  not null,
    claimed_until bigint  not null default 0,
    last_answer   text
  );
  create index if not exists deliveries_waiting on stripe_simulator.deliveries (due_at) where state = 'waiting';

  create table if not exists stripe_simulator.idempotency_keys (
    key      text    primary key,
    request  text    not null,
    status   integer not null,
    body     text    not null,
    original text    not null,
    created  bigint  not null
  );`

/** Makes what is missing; a second process at the same moment waits for the first. */
export async function makeSchema(client: pg.ClientBase): Promise<void> {
  await client.query(`begin; select pg_advisory_xact_lock(hashtext('stripe_simulator')); ${schema} commit;`)
}
