import type { PlanCardSlots } from './PlanCard.tsx'

/** The plan card before its first usage: the same lines at the same height, so that nothing moves when they fill. */
export function PlanCardSkeleton({
  manage,
  meterAction,
  details,
}: Pick<PlanCardSlots, 'manage' | 'meterAction' | 'details'>) {
  return (
    <div className="hr-plan-frame">
      <section className="hr-card hr-plan is-loading" aria-label="Current plan" aria-busy="true">
        <p className="hr-hidden" role="status">
          Loading usage
        </p>
        <div className="hr-plan-top">
          <div className="hr-plan-who" aria-hidden="true">
            <div className="hr-plan-name">
              <Blank width="9ch" />
            </div>
            <div className="hr-plan-description">
              <Blank width="24ch" />
            </div>
          </div>
          <div className="hr-plan-side">
            <BlankPrice />
            {manage}
          </div>
        </div>
        <div className="hr-plan-meters" aria-hidden="true">
          {[11, 6, 18].map((width) => (
            <div key={width} className="hr-meter">
              <div className="hr-meter-top">
                <span className="hr-meter-label">
                  <Blank width={`${width}ch`} />
                </span>
                <Blank width="16ch" />
                {meterAction && <span className="hr-meter-action is-blank" />}
              </div>
              <div className="hr-bar" />
              <div className="hr-meter-notes" />
            </div>
          ))}
        </div>
        {details && <div className="hr-plan-details" />}
        <div className="hr-plan-renews" aria-hidden="true">
          <Blank width="40ch" />
        </div>
      </section>
    </div>
  )
}

/** The price's line while it is asked for. */
export function BlankPrice() {
  return (
    <div className="hr-price-figure" aria-hidden="true">
      <Blank width="10ch" />
    </div>
  )
}

function Blank({ width }: { width: string }) {
  return (
    <span className="hr-blank" style={{ inlineSize: width }}>
      &nbsp;
    </span>
  )
}
