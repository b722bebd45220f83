import { useState } from 'react'
import { LogOut } from 'lucide-react'
import { toast } from 'sonner'
import { api, type Session } from '../api.ts'
import { leaveApp } from '../people/enter.ts'
import { roleNames } from '../session.ts'
import { ThemeSwitch } from './ThemeSwitch.tsx'

/** Who is signed in, the theme, and the way out. */
export function Account({ session }: { session: Session }) {
  const [leaving, setLeaving] = useState(false)

  const signOut = async () => {
    setLeaving(true)
    try {
      await api.logout()
    } catch {
      toast.error('You are still signed in: Ken could not be reached. Try again in a moment.')
      setLeaving(false)
      return
    }
    leaveApp()
  }

  return (
    <div className="account">
      <ThemeSwitch />
      <div className="account-who">
        <span className="account-name" title={session.user.email}>
          {session.user.name}
        </span>
        <span className="account-role">{roleNames[session.role]}</span>
      </div>
      <button type="button" className="button is-quiet" disabled={leaving} onClick={() => void signOut()}>
        <LogOut size={16} aria-hidden />
        Sign out
      </button>
    </div>
  )
}
