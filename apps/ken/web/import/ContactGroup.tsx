import { memo } from 'react'
import type { Contact } from '../api.ts'
import { Badge } from '../parts/Badge.tsx'
import { Email } from '../parts/Email.tsx'

/** As high as a row usually is. */
const rowHeight = 58

/**
 * A page of rows. Drawn only while it is near what is seen, so that ten thousand rows scroll as a hundred do; and only once, as a page
 * that was read does not change. The roles are said again because rows that are no table boxes lose them.
 */
export const ContactGroup = memo(function ContactGroup({ contacts }: { contacts: Contact[] }) {
  return (
    <tbody role="rowgroup" style={{ containIntrinsicBlockSize: `auto ${contacts.length * rowHeight}px` }}>
      {contacts.map((contact, position) => (
        <ContactRow key={position} contact={contact} />
      ))}
    </tbody>
  )
})

function ContactRow({ contact }: { contact: Contact }) {
  const counts = contact.verdict === 'counted'
  return (
    <tr role="row">
      <td role="cell" className="breakable">
        <div className="is-strong">{contact.name ?? '(no name)'}</div>
        <div className="quiet">{contact.email === null ? '(no email)' : <Email address={contact.email} />}</div>
      </td>
      <td role="cell" className="breakable wide-only">
        <div>{contact.company ?? ''}</div>
        <div className="quiet">{contact.title ?? ''}</div>
      </td>
      <td role="cell" className="wide-only">
        {contact.country ?? ''}
      </td>
      <td role="cell">
        <Badge tone={counts ? 'good' : 'neutral'}>{counts ? 'Counted' : 'Not counted'}</Badge>
        {!counts && <div className="quiet">{contact.label}</div>}
      </td>
    </tr>
  )
}
