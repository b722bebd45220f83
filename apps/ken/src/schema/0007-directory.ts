import type { Migration } from './migrate.ts'

export const directory: Migration = {
  id: '0007-directory',
  statements: [
    `alter table ken.uploads
       add column source text not null default 'csv' constraint uploads_source check (source in ('csv', 'directory')),
       add column criteria jsonb`,
  ],
}
