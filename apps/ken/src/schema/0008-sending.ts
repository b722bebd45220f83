import type { Migration } from './migrate.ts'

export const sending: Migration = {
  id: '0008-sending',
  statements: [
    `alter table ken.campaigns drop constraint campaigns_state,
       add constraint campaigns_state check (state in ('draft', 'ready', 'sending', 'paused', 'completed', 'error'))`,
    `create table ken.sequence_steps (
       workspace_id  text collate "C" not null,
       campaign_id   text collate "C" not null,
       step          integer not null constraint sequence_steps_step check (step between 1 and 4),
       wait_days     integer not null constraint sequence_steps_wait_days check (wait_days between 0 and 30),
       subject       text not null,
       body          text not null,
       primary key (workspace_id, campaign_id, step),
       foreign key (workspace_id, campaign_id) references ken.campaigns (workspace_id, id)
     )`,
    `create table ken.sendings (
       workspace_id  text collate "C" not null,
       campaign_id   text collate "C" not null,
       schedule      jsonb not null,
       launched_at   timestamptz,
       reference     text,
       sent          integer not null default 0 constraint sendings_sent check (sent >= 0),
       failures      integer not null default 0,
       primary key (workspace_id, campaign_id),
       foreign key (workspace_id, campaign_id) references ken.campaigns (workspace_id, id)
     )`,
    `create table ken.gathered_imports (
       workspace_id  text collate "C" not null,
       import_id     text collate "C" not null,
       primary key (workspace_id, import_id),
       foreign key (workspace_id, import_id) references ken.imports (workspace_id, id)
     )`,
    `create table ken.recipients (
       workspace_id  text collate "C" not null,
       id            text collate "C" not null,
       campaign_id   text collate "C" not null,
       import_id     text collate "C" not null,
       row           integer not null,
       email_hash    text not null,
       state         text not null constraint recipients_state
                       check (state in ('waiting', 'active', 'finished', 'replied', 'unsubscribed', 'failed')),
       step          integer not null default 0,
       next_at       timestamptz,
       last_sent_at  timestamptz,
       reason        text,
       primary key (workspace_id, id),
       foreign key (workspace_id, campaign_id) references ken.campaigns (workspace_id, id),
       foreign key (workspace_id, import_id, row) references ken.contacts (workspace_id, import_id, row),
       constraint recipients_once_per_address unique (workspace_id, campaign_id, email_hash),
       constraint recipients_wait_while_under_way check (next_at is null or state in ('waiting', 'active'))
     )`,
    // Looked up without the workspace: the token of an unsubscribe link or a reply address has room for the recipient's id alone. Not
    // unique: ids are random, and a table spread over machines by workspace could not promise it.
    `create index recipients_by_id on ken.recipients (id)`,
    `create index recipients_due on ken.recipients (workspace_id, campaign_id, next_at, import_id, row) where next_at is not null`,
    `create index recipients_in_order on ken.recipients (workspace_id, campaign_id, import_id, row)`,
    `create index recipients_by_address on ken.recipients (workspace_id, email_hash)`,
    `create table ken.sends (
       workspace_id  text collate "C" not null,
       id            text collate "C" not null,
       campaign_id   text collate "C" not null,
       recipient_id  text collate "C" not null,
       step          integer not null,
       name          text not null,
       email         text not null,
       subject       text not null,
       body          text not null,
       state         text not null default 'queued' constraint sends_state
                       check (state in ('queued', 'handed', 'accepted', 'failed', 'dropped')),
       attempts      integer not null default 0,
       try_at        timestamptz default now(),
       fault         text,
       written_at    timestamptz not null,
       accepted_at   timestamptz,
       counted_at    timestamptz,
       primary key (workspace_id, id),
       foreign key (workspace_id, recipient_id) references ken.recipients (workspace_id, id),
       constraint sends_once_per_step unique (workspace_id, recipient_id, step),
       constraint sends_counted_when_accepted check (counted_at is null or accepted_at is not null)
     )`,
    `create index sends_open on ken.sends (workspace_id, campaign_id, try_at) where state in ('queued', 'handed')`,
    `create index sends_uncounted on ken.sends (workspace_id, campaign_id, id) where state = 'accepted' and counted_at is null`,
    `create index sends_by_step on ken.sends (workspace_id, campaign_id, step, state)`,
    `create index sends_accepted on ken.sends (workspace_id, id) where state = 'accepted'`,
    `create table ken.sending_days (
       workspace_id  text collate "C" not null references ken.workspaces (id),
       day           date not null,
       written       integer not null constraint sending_days_written check (written >= 0),
       primary key (workspace_id, day)
     )`,
    `create table ken.suppressions (
       workspace_id  text collate "C" not null references ken.workspaces (id),
       email_hash    text not null,
       at            timestamptz not null,
       recipient_id  text collate "C" not null,
       primary key (workspace_id, email_hash)
     )`,
    `create table ken.replies (
       workspace_id  text collate "C" not null,
       id            text collate "C" not null,
       recipient_id  text collate "C" not null,
       sender        text not null,
       subject       text not null,
       text          text not null,
       at            timestamptz not null,
       primary key (workspace_id, id),
       foreign key (workspace_id, recipient_id) references ken.recipients (workspace_id, id)
     )`,
    `create index replies_by_recipient on ken.replies (workspace_id, recipient_id, id)`,
  ],
}
