/** Whether a mail that waits is still to be sent, by its kind: asked before each try. */
import type { Context } from '../context.ts'
import { invitationStands } from '../people/invitations.ts'
import { stillWanted } from '../people/notifications.ts'
import { resetStands } from '../people/resets.ts'
import { stillStands } from './lifecycle.ts'
import type { Mail } from './mails.ts'

export async function mailStands(context: Context, mail: Mail): Promise<boolean> {
  switch (mail.kind) {
    case 'payment_failed':
    case 'suspension_warning':
    case 'suspended':
    case 'trial_ending':
      return stillStands(context, mail)
    case 'import_finished':
    case 'campaign_completed':
    case 'reply_received':
    case 'credits_low':
      return stillWanted(context, mail)
    case 'invitation':
      return invitationStands(context, mail)
    case 'password_reset':
      return resetStands(context, mail)
    case 'contact':
      return true
  }
}
