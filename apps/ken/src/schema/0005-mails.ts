import type { Migration } from './migrate.ts'

export const mails: Migration = {
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
}
