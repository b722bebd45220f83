import type { Migration } from './migrate.ts'

export const builds: Migration = {
  id: '0009-builds',
  statements: [`alter table ken.campaigns add column build_id text collate "C", add column target integer`],
}
