import type { HistoryWire, MeterUsageWire } from '@headroom/sdk'
import { emptyUsage } from './empty-usage.ts'
import { useUsageIfAny } from './HeadroomProvider.tsx'
import { HistoryChart } from './HistoryChart.tsx'
import { inPeriods } from './history-days.ts'
import { DaysTable, PeriodsTable } from './HistoryTables.tsx'
import { inPageOrder } from './page-order.ts'
import type { Answer } from './use-answer.ts'
import { useHistory } from './use-history.ts'

/** A chart for each meter, day by day in the running period, and the totals of earlier ones, kept current. Stands within a provider. */
export function UsageHistory() {
  const meters = useUsageIfAny()?.meters ?? emptyUsage.meters
  const { retry, ...history } = useHistory()
  return <UsageHistoryView {...{ history, meters }} onRetry={retry} />
}

export interface UsageHistoryViewProps {
  history: Answer<HistoryWire>
  /** Their words. */
  meters: readonly Pick<MeterUsageWire, 'meter' | 'label' | 'counted'>[]
  onRetry: () => void
}

/** The same section from what you hand in. */
export function UsageHistoryView({ history, meters, onRetry }: UsageHistoryViewProps) {
  if (history.status === 'loading') return <Loading />
  if (history.status === 'error') {
    return (
      <div className="hr-notice" data-kind="danger" role="alert">
        <div>
          <p className="hr-notice-title">Usage history could not be loaded</p>
          <p>The meters above do not depend on it.</p>
        </div>
        <button type="button" className="hr-button" onClick={onRetry}>
          Retry
        </button>
      </div>
    )
  }
  const { running, earlier } = inPeriods(history.value.data)
  const shown = inPageOrder(meters).filter(({ meter }) => running.some((one) => one.meter === meter))
  if (history.value.data.every(({ used }) => used === 0)) {
    return (
      <p className="hr-history-empty">
        Nothing used yet. Every day’s use stands here as soon as there is some, and every period’s total when it ends.
      </p>
    )
  }
  return (
    <div className="hr-history">
      <div className="hr-charts">
        {shown.map((meter) => (
          <HistoryChart key={meter.meter} history={running.find((one) => one.meter === meter.meter)!} meter={meter} />
        ))}
      </div>
      <DaysTable running={running} meters={shown} />
      {earlier.length > 0 && <PeriodsTable earlier={earlier} meters={shown} />}
    </div>
  )
}

/** The charts' frames, at their height. */
function Loading() {
  return (
    <div className="hr-history" aria-busy="true">
      <p className="hr-hidden" role="status">
        Loading usage history
      </p>
      <div className="hr-charts" aria-hidden="true">
        {['one', 'two', 'three'].map((key) => (
          <div key={key} className="hr-chart">
            <div className="hr-chart-title">
              <span className="hr-blank" style={{ inlineSize: '14ch' }}>
                &nbsp;
              </span>
              <span>&nbsp;</span>
            </div>
            <div className="hr-chart-plot">
              <div className="hr-chart-bars" />
              <div className="hr-chart-ends">&nbsp;</div>
            </div>
            <p className="hr-chart-summary">&nbsp;</p>
          </div>
        ))}
      </div>
    </div>
  )
}
