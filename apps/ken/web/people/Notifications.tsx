import type { Session } from '../api.ts'
import { Badge } from '../parts/Badge.tsx'
import { Switch } from '../parts/Switch.tsx'
import { useChoices } from './use-choices.ts'

const kinds: { kind: keyof Session['notifications']; label: string; help: string; forAdmins: boolean }[] = [
  {
    kind: 'import_finished',
    label: 'Import finished',
    help: 'When an import you started has ended, with what counted.',
    forAdmins: false,
  },
  {
    kind: 'campaign_completed',
    label: 'Campaign completed',
    help: 'When every mail of a campaign of yours has been sent.',
    forAdmins: false,
  },
  {
    kind: 'reply_received',
    label: 'Reply received',
    help: 'When somebody answers a campaign of yours.',
    forAdmins: false,
  },
  {
    kind: 'credits_low',
    label: 'Credits low',
    help: 'Once a period, when at most 20 % of the leads are left.',
    forAdmins: true,
  },
]

const alwaysOn: { label: string; help: string; forAdmins: boolean }[] = [
  {
    label: 'Payments and trial',
    help: 'A payment failed, a suspension is near or has happened, a trial is ending.',
    forAdmins: true,
  },
  { label: 'Invitations and passwords', help: 'What you need to come in, or have asked for.', forAdmins: false },
]

/** Which mails somebody gets in this workspace. */
export function Notifications({ session: { notifications, role } }: { session: Session }) {
  const [choices, choose] = useChoices(notifications)
  const concerns = ({ forAdmins }: { forAdmins: boolean }) => !forAdmins || role === 'admin'
  return (
    <section className="card stack" aria-labelledby="notifications-title">
      <h2 id="notifications-title" className="section-title">
        Notifications
      </h2>
      <p className="quiet">Mails about this workspace. A change is saved at once.</p>
      <ul className="choices">
        {kinds.filter(concerns).map(({ kind, label, help }) => (
          <li key={kind}>
            <Switch label={label} on={choices[kind]} onChange={(on) => choose(kind, label, on)}>
              {help}
            </Switch>
          </li>
        ))}
        {alwaysOn.filter(concerns).map(({ label, help }) => (
          <li key={label} className="choice-fixed">
            <span>
              <span className="switch-label">{label}</span>
              <span className="switch-help">{help}</span>
            </span>
            <Badge>Always on</Badge>
          </li>
        ))}
      </ul>
    </section>
  )
}
