import type { Migration } from './migrate.ts'

/** Who writes to support without being signed in belongs to no workspace: such a mail's is ''. */
export const contact: Migration = {
  id: '0010-contact',
  statements: [`alter table ken.mails drop constraint mails_workspace_id_fkey, add column reply_to text`],
}
