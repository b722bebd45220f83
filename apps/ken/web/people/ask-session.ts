/** Who is signed in here, and in which workspace this tab is. */
import { api, type Session } from '../api.ts'
import { ApiProblem } from '../ask.ts'
import { noticeBuild } from '../build.ts'
import { enterWorkspace, forgetWorkspace, tabWorkspace } from '../workspace.ts'

interface Known {
  /** Null when nobody is signed in, or somebody who belongs to no workspace. */
  session: Session | null
  demo: boolean
  /** Signed in, and in no workspace. */
  stranger: { name: string; email: string } | null
}

let entered: string | null = null
const leftKey = 'ken.left'

/** Rejects when Ken cannot be reached. A tab whose workspace is no longer this person's starts anew in one that is. */
export async function askSession(): Promise<Known> {
  try {
    const session = await api.session()
    noticeBuild(session.build)
    enterWorkspace(session.workspace.id)
    entered = session.workspace.name
    return { session, demo: false, stranger: null }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    if (error.status === 404 && tabWorkspace() !== null) return startAnew()
    if (error.status !== 401) throw error
    return { session: null, demo: error.body.demo === true, stranger: strangerOf(error.body.user) }
  }
}

/** What is on the page belongs to a workspace that is closed to this person now: all of it goes. */
async function startAnew(): Promise<Known> {
  forgetWorkspace()
  if (entered === null) return askSession()
  try {
    sessionStorage.setItem(leftKey, entered)
  } catch {
    // Then it is not said.
  }
  window.location.assign('/campaigns')
  return new Promise(() => {})
}

/** The workspace this tab had to leave, once. */
export function takeLeft(): string | null {
  try {
    const name = sessionStorage.getItem(leftKey)
    sessionStorage.removeItem(leftKey)
    return name
  } catch {
    return null
  }
}

function strangerOf(user: unknown): Known['stranger'] {
  const { name, email } = (user ?? {}) as { name?: unknown; email?: unknown }
  return typeof name === 'string' && typeof email === 'string' ? { name, email } : null
}
