import type { Upload, UploadedFile } from '../api.ts'
import { ListSummary } from './ListSummary.tsx'
import { UploadSummary } from './UploadSummary.tsx'

/** What is to be imported: a file or a list. */
export type Chosen = { source: 'csv'; upload: UploadedFile } | { source: 'directory'; upload: Upload }

/** What is in it, and whether anybody of it can be imported. */
export function ChosenContacts({ chosen }: { chosen: Chosen }) {
  return (
    <>
      {chosen.source === 'csv' ? <UploadSummary upload={chosen.upload} /> : <ListSummary list={chosen.upload} />}
      {chosen.upload.usable === 0 && (
        <p className="notice is-warn" role="alert">
          {chosen.source === 'csv'
            ? 'No row of this file can be imported. The rejected rows above say why; correct the file and choose it again.'
            : 'Nobody on this list has an email address. Change the filters to find others.'}
        </p>
      )}
    </>
  )
}
