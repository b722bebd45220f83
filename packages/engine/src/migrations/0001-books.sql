-- The books. Every row belongs to one workspace (workspace_id first in every key) and is written under that workspace's row lock.
-- No foreign keys between the hot tables (they halve the speed), no triggers, no sequences, no enums: see docs/reference/schema.md.

-- Narrow and hot: rewritten by every batch. THE lock, THE version.
create table workspaces (
  workspace_id text collate "C" not null,
  seq          bigint      not null,
  version      bigint      not null,
  at           timestamptz not null,
  wake_at      timestamptz not null,
  period_start timestamptz not null,
  period_end   timestamptz not null,
  open_from    timestamptz not null,
  constraint workspaces_pkey primary key (workspace_id),
  constraint workspaces_periods check (open_from <= period_start and period_start < period_end),
  constraint workspaces_counts check (seq >= 0 and version > 0)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

create index workspaces_wake on workspaces (wake_at);

-- Cold: which plan, from when. decide() reads it with every batch and rarely changes it.
create table subscriptions (
  workspace_id text collate "C" not null,
  name         text        not null,
  plan         text        not null,
  contacts     bigint,
  "interval"   text        not null,
  catalog      text        not null,
  status       text        not null,
  anchor       timestamptz not null,
  grace_until  timestamptz,
  pending      jsonb,
  created_at   timestamptz not null,
  request      text        not null,
  constraint subscriptions_pkey primary key (workspace_id)
);

-- One row per workspace, period and meter. What is available is never stored. A null limit is unlimited.
create table balances (
  workspace_id text collate "C" not null,
  period_start timestamptz not null,
  meter        text collate "C" not null,
  period_end   timestamptz not null,
  "limit"      bigint,
  used         bigint      not null,
  reserved     bigint      not null,
  overage      bigint      not null,
  constraint balances_pkey primary key (workspace_id, period_start, meter),
  constraint balances_period check (period_start < period_end),
  constraint balances_counts check (used >= 0 and reserved >= 0 and overage >= 0 and used + reserved <= 9007199254740991),
  constraint balances_limit check ("limit" is null or ("limit" >= 0 and "limit" <= 9007199254740991 and used + reserved <= "limit" + overage))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- state: 0 held, 1 committed, 2 released, 3 expired. lines: [[meter, requested, reserved, used], …], ours, never user text.
create table reservations (
  workspace_id text collate "C" not null,
  id           text collate "C" not null,
  state        smallint    not null,
  late         boolean     not null,
  period_start timestamptz not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  closed_at    timestamptz,
  request      text        not null,
  ending       text,
  lines        jsonb       not null,
  reference    text,
  metadata     jsonb,
  constraint reservations_pkey primary key (workspace_id, id),
  constraint reservations_state check (state between 0 and 3),
  constraint reservations_closed check ((state = 0) = (closed_at is null))
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

create index reservations_held on reservations (workspace_id, expires_at) where state = 0;

-- One recorded addition to a meter, once per source for ever. A null quantity is unlimited, only from a plan.
-- source_type: 0 plan, 1 purchase, 4 operator.
create table grants (
  workspace_id text collate "C" not null,
  source_type  smallint    not null,
  source_id    text collate "C" not null,
  meter        text collate "C" not null,
  period_start timestamptz not null,
  quantity     bigint,
  taken_back   bigint      not null,
  spent_before bigint      not null,
  granted_at   timestamptz not null,
  reason       text,
  constraint grants_pkey primary key (workspace_id, source_type, source_id, meter),
  constraint grants_counts check (taken_back >= 0 and spent_before >= 0 and (quantity is null or taken_back + spent_before <= quantity))
);

create index grants_period on grants (workspace_id, period_start);

-- Append-only by privilege: nobody but a superuser can change or delete an entry. after = the figures once it was booked.
-- kind: 0 grant, 1 reserve, 2 commit, 3 release, 4 expire, 5 use, 6 lapse, 7 adjust, 8 refund, 9 late commit. source_type: as in grants, and 2 reservation, 3 use.
create table ledger_entries (
  workspace_id   text collate "C" not null,
  meter          text collate "C" not null,
  at             timestamptz not null,
  seq            bigint      not null,
  period_start   timestamptz not null,
  kind           smallint    not null,
  quantity       bigint,
  source_type    smallint    not null,
  source_id      text        not null,
  actor          text        not null,
  limit_after    bigint,
  used_after     bigint      not null,
  reserved_after bigint      not null,
  overage_change bigint      not null,
  constraint ledger_entries_pkey primary key (workspace_id, meter, at, seq),
  constraint ledger_entries_kind check (kind between 0 and 9),
  constraint ledger_entries_quantity check (quantity > 0 or (quantity is null and kind in (0, 7)))
) with (autovacuum_vacuum_insert_scale_factor = 0.02);

-- The stored answer of a request that came with an Idempotency-Key, byte for byte.
create table answers (
  workspace_id text collate "C" not null,
  key          text collate "C" not null,
  request      text        not null,
  status       smallint    not null,
  body         text        not null,
  at           timestamptz not null,
  constraint answers_pkey primary key (workspace_id, key)
) with (autovacuum_vacuum_insert_scale_factor = 0.02);

create index answers_at on answers using brin (at);

-- Catalogs are immutable: a changed file is a new version.
create table catalogs (
  version    text collate "C" not null,
  body       jsonb       not null,
  created_at timestamptz not null,
  constraint catalogs_pkey primary key (version)
);

-- Secret keys, by the SHA-256 of the secret; the secret itself is shown once and kept nowhere.
create table keys (
  id           text collate "C" not null,
  hash         text collate "C" not null,
  name         text        not null,
  scope        text        not null,
  workspace_id text collate "C",
  created_at   timestamptz not null,
  expires_at   timestamptz,
  last_used_at timestamptz,
  constraint keys_pkey primary key (hash),
  constraint keys_scope check (scope in ('full', 'read'))
);

-- Short-lived browser tokens; the token carries its workspace's id.
create table tokens (
  workspace_id text collate "C" not null,
  hash         text collate "C" not null,
  id           text collate "C" not null,
  role         text        not null,
  viewer_id    text collate "C" not null,
  expires_at   timestamptz not null,
  constraint tokens_pkey primary key (workspace_id, hash)
);

create index tokens_expires on tokens (expires_at);

-- At most one row: the instant at which the test clock stands.
create table test_clock (
  id  smallint    not null,
  now timestamptz not null,
  constraint test_clock_pkey primary key (id),
  constraint test_clock_one check (id = 1)
);
