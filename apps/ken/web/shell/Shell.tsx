import { useEffect } from 'react'
import { HeadroomProvider } from '@headroom/react'
import { Outlet } from '@tanstack/react-router'
import { toast } from 'sonner'
import { headroom } from '../headroom.ts'
import { takeLeft } from '../people/ask-session.ts'
import { useSession } from '../session.ts'
import { Sidebar } from './Sidebar.tsx'
import { TopMenu } from './TopMenu.tsx'

/** The frame of every page behind the login: a sidebar, on small screens a menu on top. */
export function Shell() {
  const session = useSession()

  useEffect(() => {
    const left = takeLeft()
    if (left !== null) toast(`You are no longer in ${left}. This is ${session.workspace.name}.`)
  }, [session.workspace.name])

  return (
    <HeadroomProvider client={headroom} workspace={session.workspace.id}>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <div className="shell">
        <Sidebar session={session} />
        <TopMenu session={session} />
        <main id="content" className="shell-content">
          <Outlet />
        </main>
      </div>
    </HeadroomProvider>
  )
}
