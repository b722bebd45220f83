import { count } from '../numbers.ts'
import type { Sending } from './api.ts'
import { withLabels } from './placeholders.ts'

/** People and mails in numbers. Waiting to finished and how it ended add up to the leads; sent and counted are the same a moment later. */
export function SendingFigures({ sending: { recipients, sent, counted, queued, steps } }: { sending: Sending }) {
  return (
    <>
      <dl className="figures">
        <Figure label="Mails sent" value={sent} />
        <Figure label="Counted as email sends" value={counted} />
        <Figure label="In the queue" value={queued} />
        <Figure label="Leads" value={recipients.total} />
        <Figure label="Waiting" value={recipients.waiting} />
        <Figure label="In sequence" value={recipients.active} />
        <Figure label="Finished" value={recipients.finished} />
        <Figure label="Replied" value={recipients.replied} />
        <Figure label="Unsubscribed" value={recipients.unsubscribed} />
        <Figure label="Failed" value={recipients.failed} />
      </dl>
      {steps.length > 0 && sent > 0 && (
        <div className="table-frame">
          <table className="table">
            <caption className="visually-hidden">Mails by step</caption>
            <thead>
              <tr>
                <th scope="col">Mail</th>
                <th scope="col" className="is-number">
                  Sent
                </th>
                <th scope="col" className="is-number">
                  Failed
                </th>
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <tr key={step.step}>
                  <td className="breakable">
                    <span className="quiet">{step.step}.</span> {withLabels(step.subject)}
                  </td>
                  <td className="is-number">{count(step.sent)}</td>
                  <td className="is-number">{count(step.failed)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{count(value)}</dd>
    </div>
  )
}
