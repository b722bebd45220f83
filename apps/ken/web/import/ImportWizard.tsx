import { useEffect, useRef, useState } from 'react'
import type { Import, Upload } from '../api.ts'
import { counted } from '../numbers.ts'
import { queryClient } from '../queries.ts'
import { ImportPlan } from './ImportPlan.tsx'
import { UploadDrop } from './UploadDrop.tsx'
import { UploadSummary } from './UploadSummary.tsx'

/**
 * From a file to a running import: choose or reuse a file, see what is in it, say how many, start. Where it was opened on request
 * it can be closed again (`onClose`), and takes the focus.
 */
export function ImportWizard({
  campaignId,
  uploads,
  onStarted,
  onClose,
}: {
  campaignId: string
  uploads: Upload[]
  onStarted: (started: Import) => void
  onClose: (() => void) | null
}) {
  const [upload, setUpload] = useState<Upload | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const closable = onClose !== null

  const take = (taken: Upload) => {
    setUpload(taken)
    void queryClient.invalidateQueries({ queryKey: ['campaign', campaignId] })
  }

  useEffect(() => {
    if (closable || upload !== null) heading.current?.focus()
  }, [closable, upload])

  return (
    <section className="card stack is-loose" aria-labelledby="wizard-title">
      <div className="card-top">
        <h2 id="wizard-title" ref={heading} tabIndex={-1} className="section-title">
          CSV Upload
        </h2>
        {upload !== null ? (
          <button type="button" className="button is-small" onClick={() => setUpload(null)}>
            Choose another file
          </button>
        ) : (
          onClose !== null && (
            <button type="button" className="button is-small" onClick={onClose}>
              Close
            </button>
          )
        )}
      </div>
      {upload === null ? (
        <>
          <UploadDrop campaignId={campaignId} onUpload={take} />
          {uploads.length > 0 && <Earlier uploads={uploads} onUse={setUpload} />}
        </>
      ) : (
        <>
          <UploadSummary upload={upload} />
          {upload.usable === 0 ? (
            <p className="notice is-warn" role="alert">
              No row of this file can be imported. The rejected rows above say why; correct the file and choose it
              again.
            </p>
          ) : (
            <ImportPlan upload={upload} onStarted={onStarted} />
          )}
        </>
      )}
    </section>
  )
}

function Earlier({ uploads, onUse }: { uploads: Upload[]; onUse: (upload: Upload) => void }) {
  return (
    <div>
      <h3 className="small-title">Files uploaded before</h3>
      <ul className="uploads">
        {uploads.map((upload) => (
          <li key={upload.id}>
            <span id={`upload-${upload.id}`} className="breakable">
              {upload.fileName}
            </span>
            <span className="quiet">{counted(upload.usable, 'usable row')}</span>
            <button
              type="button"
              className="button is-small"
              aria-describedby={`upload-${upload.id}`}
              onClick={() => onUse(upload)}
            >
              Use again
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
