import { useEffect, useRef, useState } from 'react'
import { Menu, X } from 'lucide-react'
import type { Session } from '../api.ts'
import { Account } from './Account.tsx'
import { Brand } from './Brand.tsx'
import { Navigation } from './Navigation.tsx'
import { WorkspaceSwitch } from './WorkspaceSwitch.tsx'

/** The sidebar's content under a button, for screens too narrow for a sidebar. */
export function TopMenu({ session }: { session: Session }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [open])

  return (
    <header className="topmenu">
      <div className="topmenu-bar">
        <Brand workspace={session.workspace.name} />
        <button
          type="button"
          ref={button}
          className="button is-quiet"
          aria-expanded={open}
          aria-controls="topmenu-panel"
          onClick={() => setOpen(!open)}
        >
          {open ? <X size={16} aria-hidden /> : <Menu size={16} aria-hidden />}
          Menu
        </button>
      </div>
      <div id="topmenu-panel" className="topmenu-panel" hidden={!open}>
        <WorkspaceSwitch session={session} />
        <Navigation session={session} onGo={() => setOpen(false)} />
        <Account session={session} />
      </div>
    </header>
  )
}
