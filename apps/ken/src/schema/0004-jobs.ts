import type { Migration } from './migrate.ts'

export const jobs: Migration = {
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
}
