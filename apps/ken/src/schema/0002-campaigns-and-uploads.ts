import type { Migration } from './migrate.ts'

export const campaignsAndUploads: Migration = {
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
}
