import type { Migration } from './migrate.ts'

/** Whoever makes a job due, in whatever process, says so on commit: workers need not look to find out (queue-bell.ts). */
export const jobsBell: Migration = {
  id: '0011-jobs-bell',
  statements: [
    `create function ken.ring_jobs() returns trigger language plpgsql as $$
     begin
       perform pg_notify('ken_jobs', '');
       return null;
     end $$`,
    // A job that somebody holds is no news: claims and renewals stay silent.
    `create trigger jobs_bell after insert or update of run_at, locked_until on ken.jobs
       for each row when (new.locked_until is null) execute function ken.ring_jobs()`,
  ],
}
