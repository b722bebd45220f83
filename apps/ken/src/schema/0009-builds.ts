import type { Migration } from './migrate.ts'

export const builds: Migration = {
  id: '0009-builds',
  statements: [
    `alter table ken.campaigns add column build_id text collate "C", add column target integer`,
    `create table ken.builds (
       workspace_id   text collate "C" not null references ken.workspaces (id),
       id             text collate "C" not null,
       owner_id       text not null,
       name           text not null,
       state          text not null constraint builds_state check (state in ('active', 'draft', 'completed')),
       step           text not null default 'files',
       working        text,
       brief          jsonb not null,
       research       jsonb,
       planning       jsonb,
       criteria       jsonb,
       target         integer constraint builds_target check (target >= 1),
       qualify        jsonb,
       segments       jsonb,
       strategy       jsonb,
       sequence       jsonb,
       notice         jsonb,
       builder        text not null,
       hold           integer not null,
       hold_state     text not null constraint builds_hold_state
                        check (hold_state in ('asking', 'held', 'releasing', 'ended', 'committed', 'lost')),
       hold_until     timestamptz,
       ask            jsonb not null,
       viewer         jsonb not null,
       completing     boolean not null default false,
       discarded      boolean not null default false,
       campaign_id    text collate "C",
       revision       integer not null default 0,
       created_at     timestamptz not null,
       updated_at     timestamptz not null,
       primary key (workspace_id, id),
       constraint builds_completed_once_settled
         check (state <> 'completed' or (hold_state in ('committed', 'lost') and campaign_id is not null))
     )`,
    `create index builds_by_workspace on ken.builds (workspace_id, updated_at)`,
    `create table ken.build_files (
       workspace_id  text collate "C" not null,
       build_id      text collate "C" not null,
       id            text collate "C" not null,
       name          text not null,
       bytes         integer not null,
       content       text not null,
       primary key (workspace_id, build_id, id),
       foreign key (workspace_id, build_id) references ken.builds (workspace_id, id) on delete cascade
     )`,
    `create unique index campaigns_once_per_build on ken.campaigns (workspace_id, build_id) where build_id is not null`,
  ],
}
