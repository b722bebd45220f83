import { useQuery } from '@tanstack/react-query'
import type { UploadedFile } from '../api.ts'
import { counted } from '../numbers.ts'
import { Moment } from '../parts/Moment.tsx'
import { earlierUploadsQuery } from '../queries.ts'
import { UploadDrop } from './UploadDrop.tsx'

/** A new file, or one that was uploaded before, in whatever campaign. */
export function CsvSource({
  campaign,
  onChosen,
}: {
  /** The campaign the file is for; made when it is asked for. */
  campaign: () => Promise<string>
  onChosen: (file: UploadedFile) => void
}) {
  const { data = [] } = useQuery(earlierUploadsQuery)
  return (
    <div className="stack is-loose">
      <UploadDrop campaign={campaign} onUpload={onChosen} />
      {data.length > 0 && (
        <div>
          <h3 className="small-title">Files uploaded before</h3>
          <ul className="uploads">
            {data.map((upload) => (
              <li key={upload.id}>
                <span id={`upload-${upload.id}`} className="breakable">
                  {upload.fileName}
                  <span className="upload-of quiet">
                    {upload.campaign.name} · <Moment at={upload.createdAt} />
                  </span>
                </span>
                <span className="quiet">{counted(upload.usable, 'usable row')}</span>
                <button
                  type="button"
                  className="button is-small"
                  aria-describedby={`upload-${upload.id}`}
                  onClick={() => onChosen(upload)}
                >
                  Use again
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
