import type { Migration } from './migrate.ts'

export const people: Migration = {
  id: '0006-people',
  statements: [
    `alter table ken.mails drop constraint mails_kind,
       add constraint mails_kind check (kind in (
         'payment_failed', 'suspension_warning', 'suspended', 'trial_ending', 'invitation', 'password_reset', 'import_finished',
         'campaign_completed', 'reply_received', 'credits_low', 'contact'))`,
  ],
}
