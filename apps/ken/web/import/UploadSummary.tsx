import type { UploadedFile } from '../api.ts'
import { count, counted } from '../numbers.ts'

const fieldNames: Record<string, string> = {
  name: 'Name',
  firstName: 'First name',
  lastName: 'Last name',
  email: 'Email',
  company: 'Company',
  companySize: 'Company size',
  title: 'Job title',
  country: 'Country',
  industry: 'Industry',
  linkedin: 'LinkedIn',
}

/** What Ken found in the file: how many rows, which columns it knows, which rows it set aside and why. */
export function UploadSummary({ upload }: { upload: UploadedFile }) {
  const known = upload.columns.filter((column) => column.field !== null)
  const unknown = upload.columns.filter((column) => column.field === null)
  const { total, first } = upload.rejected
  return (
    <div className="stack">
      <p>
        <strong className="breakable">{upload.fileName}</strong>: {counted(upload.rows, 'row')}, {count(upload.usable)}{' '}
        usable, {count(total)} rejected.
      </p>
      <details className="details">
        <summary>
          {counted(known.length, 'column')} recognised
          {unknown.length > 0 && `, ${count(unknown.length)} not used`}
        </summary>
        <ul className="columns">
          {upload.columns.map((column, position) => (
            // Headers may repeat: the position tells them apart.
            <li key={position}>
              <span className="breakable">{column.header === '' ? '(no header)' : column.header}</span>
              <span className="quiet">
                {column.field === null ? 'not used' : `read as ${fieldNames[column.field] ?? column.field}`}
              </span>
            </li>
          ))}
        </ul>
      </details>
      {total > 0 && (
        <details className="details">
          <summary>{counted(total, 'rejected row')}</summary>
          <ul className="rejected">
            {first.map((rejection, position) => (
              <li key={position}>
                <span className="figure">Row {count(rejection.row)}</span>
                <span className="breakable">
                  {rejection.column !== null && <strong>{rejection.column}: </strong>}
                  {rejection.reason}
                </span>
              </li>
            ))}
          </ul>
          {total > first.length && (
            <p className="quiet">And {counted(total - first.length, 'more row', 'more rows')}.</p>
          )}
        </details>
      )}
    </div>
  )
}
