import { useRef, useState, type DragEvent } from 'react'
import { Download, FileUp } from 'lucide-react'
import { api, type Upload } from '../api.ts'

const maxBytes = 10 * 1024 * 1024

/**
 * A CSV file comes in by drop or by click and goes out as an upload the server has read, or as the reason why not. The campaign it is for
 * may still have to be made.
 */
export function UploadDrop({
  campaign,
  onUpload,
}: {
  campaign: () => Promise<string>
  onUpload: (upload: Upload) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const reading = useRef<AbortController | null>(null)
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const take = async (file: File | undefined) => {
    if (file === undefined || busy !== null) return
    setProblem(refusalFor(file))
    if (refusalFor(file) !== null) return
    const controller = new AbortController()
    reading.current = controller
    setBusy(file.name)
    try {
      const { upload } = await api.upload(await campaign(), file, controller.signal)
      onUpload(upload)
    } catch (error) {
      if (!controller.signal.aborted) setProblem(`${file.name}: ${(error as Error).message}`)
    } finally {
      setBusy(null)
      if (input.current !== null) input.current.value = ''
    }
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }

  return (
    <div className="stack">
      <div
        className={`drop${over ? ' is-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <FileUp size={24} aria-hidden />
        <div className="drop-words" aria-live="polite">
          {busy === null ? (
            <>
              <p className="is-strong">Drop a CSV file here</p>
              <p className="quiet">
                One row per contact, up to 10 MB and 50,000 rows, with at least one name, email or LinkedIn column.
              </p>
            </>
          ) : (
            <>
              <p className="is-strong breakable">Reading {busy}…</p>
              <p className="quiet">Ken recognises the columns and sets aside rows it cannot use.</p>
            </>
          )}
        </div>
        {busy === null ? (
          <button type="button" className="button is-primary" onClick={() => input.current?.click()}>
            Choose a file
          </button>
        ) : (
          <button type="button" className="button" onClick={() => reading.current?.abort()}>
            Stop
          </button>
        )}
        <input
          ref={input}
          type="file"
          accept=".csv,text/csv"
          className="visually-hidden"
          aria-label="CSV file"
          tabIndex={-1}
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </div>
      {problem !== null && (
        <p className="notice is-danger breakable" role="alert">
          {problem}
        </p>
      )}
      <p>
        <a className="link with-icon" href="/api/files/contacts.csv" download>
          <Download size={16} aria-hidden />
          Download an example file
        </a>
      </p>
    </div>
  )
}

/** What needs no server to be refused. */
function refusalFor(file: File): string | null {
  if (!file.name.toLowerCase().endsWith('.csv')) {
    return `${file.name} is not a .csv file. Save the list as CSV in your spreadsheet, then choose that file.`
  }
  if (file.size > maxBytes)
    return `${file.name} is larger than 10 MB. Split it and import the parts one after the other.`
  if (file.size === 0) return `${file.name} is empty.`
  return null
}
