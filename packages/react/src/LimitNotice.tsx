import type { ActionWire, MeterId, MeterUsageWire, VerdictLineWire, VerdictWire } from '@headroom/sdk'
import { emptyUsage } from './empty-usage.ts'
import { useUsageIfAny } from './HeadroomProvider.tsx'
import { instant } from './instants.ts'
import { counted, number } from './numbers.ts'
import { PageLink } from './PageLink.tsx'

export interface LimitNoticeProps {
  /** What a check answered, or an InsufficientCredits error's `verdict`. */
  verdict: VerdictWire
  /** Offers the quantity that fits as a second choice: "Import 600 of 1,430". */
  onLowerQuantity?: (quantity: number, meter: MeterId) => void
  /** The words of that choice. */
  lowerLabel?: (quantity: number, requested: number) => string
  /** Your router's way to the page a link leads to. */
  onNavigate?: (href: string) => void
}

/**
 * The inline block, where the action is: what is left and what helps, "600 leads left - Upgrade plan". The server has already resolved
 * the action for plan and viewer; who may not buy reads "Ask an Admin" instead of a link. Renders nothing for what is allowed.
 */
export function LimitNotice({ verdict, onLowerQuantity, lowerLabel = importLabel, onNavigate }: LimitNoticeProps) {
  const meters = useUsageIfAny()?.meters ?? emptyUsage.meters
  if (verdict.allowed) return null
  const lower = verdict.actions.find((action) => action.kind === 'lower_quantity')
  const requested = verdict.lines.find(({ meter }) => meter === lower?.meter)?.requested
  const sentences = sentencesOf(verdict, meters)
  return (
    <div className="hr-limit" role="status">
      {sentences.map(({ text, action }) => (
        <p key={text} className="hr-limit-line">
          {text}
          {action && ' - '}
          {action &&
            ('href' in action ? (
              <PageLink {...{ href: action.href, onNavigate }}>{action.label}</PageLink>
            ) : (
              wordsOf(action)
            ))}
        </p>
      ))}
      {onLowerQuantity && lower && requested !== undefined && (
        <button type="button" className="hr-button" onClick={() => onLowerQuantity(lower.quantity, lower.meter)}>
          {lowerLabel(lower.quantity, requested)}
        </button>
      )}
    </div>
  )
}

const importLabel = (quantity: number, requested: number) => `Import ${number(quantity)} of ${number(requested)}`

const wordsOf = (action: ActionWire) => (action.kind === 'wait_until' ? `Resets ${instant(action.at)}` : action.label)

interface Sentence {
  text: string
  action: ActionWire | undefined
}

function sentencesOf({ reason, lines, actions }: VerdictWire, meters: readonly MeterUsageWire[]): Sentence[] {
  const inline = actions.find(isInline) ?? actions.find(({ kind }) => kind === 'wait_until')
  if (reason === 'payment_overdue') return [{ text: 'A payment is overdue', action: inline }]
  if (reason === 'workspace_suspended') return [{ text: 'This workspace is suspended', action: inline }]
  return lines.filter(isShort).map((line) => ({
    text: leftOf(line, meters),
    action: actions.find((action) => isInline(action) && action.meter === line.meter) ?? inline,
  }))
}

/** What stands on the line itself; a smaller quantity is the second choice below it. */
const isInline = ({ kind }: ActionWire) => kind !== 'lower_quantity' && kind !== 'wait_until'

const isShort = ({ maxAllowed, requested }: VerdictLineWire) => maxAllowed !== null && requested > maxAllowed

/** "600 leads left", the same figure as on the plan card. */
function leftOf({ meter, available }: VerdictLineWire, meters: readonly MeterUsageWire[]): string {
  const words = meters.find((known) => known.meter === meter)
  const unit = words ? { one: words.unit, many: words.units } : { one: meter, many: meter }
  return `${counted(available ?? 0, unit)} left`
}
