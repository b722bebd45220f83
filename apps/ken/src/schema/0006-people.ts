import type { Migration } from './migrate.ts'

export const people: Migration = {
  id: '0006-people',
  statements: [
    `alter table ken.mails drop constraint mails_kind,
       add constraint mails_kind check (kind in (
         'payment_failed', 'suspension_warning', 'suspended', 'trial_ending', 'invitation', 'password_reset', 'import_finished',
         'campaign_completed', 'reply_received', 'credits_low', 'contact')),
       add column sealed_token text`,
    `alter table ken.workspaces add column credits_low_until text`,
    `create table ken.switched_off (
       workspace_id  text collate "C" not null,
       user_id       text not null,
       kind          text not null,
       primary key (workspace_id, user_id, kind),
       foreign key (workspace_id, user_id) references ken.members (workspace_id, user_id) on delete cascade
     )`,
    `create table ken.invitations (
       workspace_id  text collate "C" not null references ken.workspaces (id),
       id            text collate "C" not null,
       email         text not null,
       role          text not null constraint invitations_role check (role in ('admin', 'editor', 'member', 'viewer')),
       invited_by    text not null,
       token_hash    text not null,
       created_at    timestamptz not null,
       sent_at       timestamptz not null,
       expires_at    timestamptz not null,
       accepted_at   timestamptz,
       accepted_by   text,
       revoked_at    timestamptz,
       primary key (workspace_id, id),
       constraint invitations_ended_once check (accepted_at is null or revoked_at is null)
     )`,
    `create unique index invitations_by_token on ken.invitations (token_hash)`,
    `create unique index invitations_open_once on ken.invitations (workspace_id, email)
      where accepted_at is null and revoked_at is null`,
    `create table ken.password_resets (
       user_id     text not null,
       id          text collate "C" not null,
       token_hash  text not null,
       expires_at  timestamptz not null,
       used_at     timestamptz,
       primary key (user_id, id)
     )`,
    `create unique index password_resets_by_token on ken.password_resets (token_hash)`,
    `create table ken.attempts (
       door          text not null,
       name          text not null,
       attempts      integer not null,
       window_start  timestamptz not null,
       primary key (door, name)
     )`,
    `drop table ken.sign_in_failures`,
  ],
}
