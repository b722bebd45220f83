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
  ],
}
