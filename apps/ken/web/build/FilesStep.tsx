import { useRef, useState, type DragEvent } from 'react'
import { FileText, FileUp } from 'lucide-react'
import { buildsApi, type Build, type BuildFile } from './api.ts'
import { keepBuild, refreshBuild } from './queries.ts'

const kinds = ['.txt', '.md', '.csv']
const maxBytes = 1024 * 1024
const most = 5

/** What Ken reads before it begins: files come in by drop or by click, and can be taken away again. */
export function FilesStep({ build, changeable }: { build: Build; changeable: boolean }) {
  const { files } = build
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState<string | null>(null)
  const [problems, setProblems] = useState<string[]>([])

  const take = async (chosen: File[]) => {
    if (chosen.length === 0 || busy !== null) return
    const refused: string[] = []
    let room = most - files.length
    for (const file of chosen) {
      const refusal = refusalFor(file, room)
      if (refusal !== null) {
        refused.push(refusal)
        continue
      }
      setBusy(file.name)
      try {
        keepBuild(await buildsApi.addFile(build.id, file))
        room -= 1
      } catch (error) {
        refused.push(`${file.name}: ${(error as Error).message}`)
      }
    }
    setBusy(null)
    setProblems(refused)
    if (input.current !== null) input.current.value = ''
  }

  const removeOne = async ({ id, name }: BuildFile) => {
    try {
      await buildsApi.removeFile(build.id, id)
      await refreshBuild(build.id)
      // The button that had the focus is gone with the file.
      input.current?.closest('section')?.querySelector('h2')?.focus()
      setProblems([])
    } catch (error) {
      setProblems([`${name} was not removed. ${(error as Error).message}`])
    }
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take([...event.dataTransfer.files])
  }

  return (
    <div className="stack">
      {changeable && (
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
            <p className="is-strong breakable">{busy === null ? 'Drop files here' : `Reading ${busy}…`}</p>
            <p className="quiet">.txt, .md or .csv, up to 1 MB each and {most} in all.</p>
          </div>
          <button
            type="button"
            className="button"
            aria-disabled={busy !== null || files.length >= most}
            onClick={() => busy === null && files.length < most && input.current?.click()}
          >
            Choose files
          </button>
          <input
            ref={input}
            type="file"
            multiple
            accept={kinds.join(',')}
            className="visually-hidden"
            aria-label="Files for Ken"
            tabIndex={-1}
            onChange={(event) => void take([...(event.target.files ?? [])])}
          />
        </div>
      )}
      {problems.length > 0 && (
        <div className="notice is-danger breakable" role="alert">
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </div>
      )}
      {files.length === 0 ? (
        <p className="quiet">{changeable ? 'No files yet. They are optional.' : 'No files were given.'}</p>
      ) : (
        <ul className="build-files" aria-label="Files given to Ken">
          {files.map((file) => (
            <li key={file.id}>
              <span id={file.id} className="build-file breakable">
                <FileText size={16} aria-hidden />
                {file.name}
              </span>
              <span className="quiet figure">{sizeOf(file.bytes)}</span>
              {changeable && (
                <button
                  type="button"
                  className="button is-small"
                  aria-describedby={file.id}
                  onClick={() => void removeOne(file)}
                >
                  Remove
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

const kilobytes = new Intl.NumberFormat('en-US', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })

const sizeOf = (bytes: number) => kilobytes.format(bytes / 1024)

/** What needs no server to be refused. */
function refusalFor(file: File, room: number): string | null {
  if (!kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) {
    return `${file.name} is not a .txt, .md or .csv file. Save it as text, then choose that file.`
  }
  if (file.size > maxBytes) return `${file.name} is larger than 1 MB. Choose the part that matters.`
  if (file.size === 0) return `${file.name} is empty.`
  if (room <= 0) return `${file.name} was not taken: a build has at most ${most} files. Remove one first.`
  return null
}
