import type { Migration } from './migrate.ts'

export const workspacesAndMembers: Migration = {
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
}
