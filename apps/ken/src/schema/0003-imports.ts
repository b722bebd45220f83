import type { Migration } from './migrate.ts'

export const imports: Migration = {
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
}
