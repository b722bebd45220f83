import '../styles/switcher.css'
import { useEffect, useId, useRef, useState } from 'react'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { Session } from '../api.ts'
import { roleNames } from '../session.ts'
import { switchWorkspace } from '../workspace.ts'

/** For who belongs to several workspaces: which one this is, and the way to the others. */
export function WorkspaceSwitch({ session: { workspace, workspaces } }: { session: Session }) {
  const [open, setOpen] = useState(false)
  const [going, setGoing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const list = useId()

  useEffect(() => {
    if (!open) return
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // The menu around it, on small screens, stays open.
      event.stopPropagation()
      setOpen(false)
      button.current?.focus()
    }
    const leave = (event: Event) => {
      if (event.target instanceof Node && frame.current?.contains(event.target) === false) setOpen(false)
    }
    document.addEventListener('keydown', close, true)
    document.addEventListener('pointerdown', leave)
    document.addEventListener('focusin', leave)
    return () => {
      document.removeEventListener('keydown', close, true)
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('focusin', leave)
    }
  }, [open])

  if (workspaces.length < 2) return null

  const choose = (id: string) => {
    if (id === workspace.id) return setOpen(false)
    setGoing(true)
    switchWorkspace(id)
  }

  return (
    <div ref={frame}>
      <span id={`${list}-label`} className="visually-hidden">
        Workspace
      </span>
      <button
        type="button"
        ref={button}
        id={`${list}-button`}
        className="button switcher-button"
        aria-expanded={open}
        aria-controls={list}
        aria-labelledby={`${list}-label ${list}-button`}
        disabled={going}
        onClick={() => setOpen(!open)}
      >
        <span className="switcher-name">{workspace.name}</span>
        <ChevronsUpDown size={16} aria-hidden />
      </button>
      <ul id={list} className="switcher-list" hidden={!open}>
        {workspaces.map(({ id, name, role }) => (
          <li key={id}>
            <button
              type="button"
              className="switcher-choice"
              aria-current={id === workspace.id ? 'true' : undefined}
              onClick={() => choose(id)}
            >
              <span className="switcher-check">{id === workspace.id && <Check size={16} aria-hidden />}</span>
              <span>
                <span className="switcher-choice-name">{name}</span>
                <span className="switcher-role">{roleNames[role]}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
