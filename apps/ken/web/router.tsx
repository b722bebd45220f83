import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
  type ParsedLocation,
} from '@tanstack/react-router'
import { Toaster } from 'sonner'
import type { Session } from './api.ts'
import { shouldReload } from './build.ts'
import { ledgerSearch } from './ledger/search.ts'
import { CrashPage } from './pages/CrashPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { ownAddress } from './people/enter.ts'
import { queryClient, sessionQuery } from './queries.ts'
import { campaignStates } from './sending/words.ts'
import { Shell } from './shell/Shell.tsx'
import { ShellSkeleton } from './shell/ShellSkeleton.tsx'

let loadedHref: string | null = null

const root = createRootRoute({
  beforeLoad: async ({ location, cause }) => {
    loadedHref ??= location.href
    // Pointing at a link loads it ahead; only going there may replace the page.
    if (cause !== 'preload' && location.href !== loadedHref && shouldReload()) {
      window.location.assign(location.href)
      await new Promise(() => {})
    }
  },
  component: () => (
    <>
      <Outlet />
      <Toaster position="bottom-right" closeButton />
    </>
  ),
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { next?: string | undefined } => {
    // Only a path of ours: anything else would be an open redirect. What is left out here would be kept as it came, so it is emptied.
    const next = search.next
    return typeof next === 'string' && ownAddress(next) !== null ? { next } : { next: undefined }
  },
  beforeLoad: async () => {
    const { session } = await queryClient.ensureQueryData(sessionQuery).catch(() => ({ session: null }))
    if (session !== null) throw redirect({ to: '/campaigns' })
  },
  component: lazyRouteComponent(() => import('./pages/LoginPage.tsx'), 'LoginPage'),
})

const signup = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  component: lazyRouteComponent(() => import('./pages/SignupPage.tsx'), 'SignupPage'),
})

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$token',
  component: lazyRouteComponent(() => import('./pages/InvitePage.tsx'), 'InvitePage'),
})

const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  component: lazyRouteComponent(() => import('./pages/ForgotPage.tsx'), 'ForgotPage'),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset/$token',
  component: lazyRouteComponent(() => import('./pages/ResetPage.tsx'), 'ResetPage'),
})

const unsubscribe = createRoute({
  getParentRoute: () => root,
  path: '/unsubscribe/$token',
  component: lazyRouteComponent(() => import('./pages/UnsubscribePage.tsx'), 'UnsubscribePage'),
})

/** Read by anyone; who is signed in reads it within the app. */
const help = createRoute({
  getParentRoute: () => root,
  path: '/help/usage-credits-and-limits',
  component: lazyRouteComponent(() => import('./pages/HelpPage.tsx'), 'HelpPage'),
})

const contact = createRoute({
  getParentRoute: () => root,
  path: '/help/contact',
  component: lazyRouteComponent(() => import('./pages/ContactPage.tsx'), 'ContactPage'),
})

async function signedIn(location: ParsedLocation): Promise<{ session: Session }> {
  const known = queryClient.getQueryData(sessionQuery.queryKey)
  // Somebody known to be signed in keeps reading while Ken is away; each request is still decided by the server.
  const { session } = await queryClient.fetchQuery(sessionQuery).catch((error: unknown) => {
    if (known === undefined) throw error
    return known
  })
  if (session === null) throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } })
  return { session }
}

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: ({ location }) => signedIn(location),
  component: Shell,
  pendingComponent: ShellSkeleton,
  errorComponent: CrashPage,
})

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/campaigns' })
  },
})

const campaigns = createRoute({
  getParentRoute: () => app,
  path: '/campaigns',
  validateSearch: ({ search, state }): { search?: string | undefined; state?: string | undefined } => ({
    // "2026" in an address is read as a number, and is a name to search for all the same.
    search: (typeof search === 'number' ? String(search) : typeof search === 'string' ? search : '') || undefined,
    state: campaignStates.find((known) => known === state),
  }),
  component: lazyRouteComponent(() => import('./pages/CampaignsPage.tsx'), 'CampaignsPage'),
})

const newCampaign = createRoute({
  getParentRoute: () => app,
  path: '/campaigns/new',
  validateSearch: ({ campaign: id }): { campaign?: string | undefined } => ({
    campaign: typeof id === 'string' && /^[A-Za-z0-9_-]{1,100}$/.test(id) ? id : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/NewCampaignPage.tsx'), 'NewCampaignPage'),
})

const campaign = createRoute({
  getParentRoute: () => app,
  path: '/campaigns/$campaignId',
  validateSearch: ({ tab }): { tab?: 'sequence' | 'sending' | undefined } => ({
    tab: tab === 'sequence' || tab === 'sending' ? tab : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/CampaignPage.tsx'), 'CampaignPage'),
})

const build = createRoute({
  getParentRoute: () => app,
  path: '/campaigns/build',
  validateSearch: ({ build: id }): { build?: string | undefined } => ({
    build: typeof id === 'string' && /^[A-Za-z0-9_-]{1,100}$/.test(id) ? id : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/BuildPage.tsx'), 'BuildPage'),
})

const mailbox = createRoute({
  getParentRoute: () => app,
  path: '/mailbox',
  validateSearch: ({ mail, folder }): { mail?: string | undefined; folder?: 'account' | 'campaign' | undefined } => ({
    mail: typeof mail === 'string' && /^[A-Za-z0-9_-]{1,100}$/.test(mail) ? mail : undefined,
    folder: folder === 'account' || folder === 'campaign' ? folder : undefined,
  }),
  beforeLoad: ({ context }) => {
    if (!context.session.mailbox) throw notFound()
  },
  component: lazyRouteComponent(() => import('./pages/MailboxPage.tsx'), 'MailboxPage'),
})

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile' })
  },
})

const profile = createRoute({
  getParentRoute: () => app,
  path: '/settings/profile',
  component: lazyRouteComponent(() => import('./pages/ProfilePage.tsx'), 'ProfilePage'),
})

const users = createRoute({
  getParentRoute: () => app,
  path: '/settings/users',
  component: lazyRouteComponent(() => import('./pages/UsersPage.tsx'), 'UsersPage'),
})

/** Decided by the server too, before the page is sent; this is for who comes here by a link inside the app. */
function adminOnly({ session }: { session: Session }): void {
  if (session.role !== 'admin') throw redirect({ to: '/settings/profile' })
}

const billing = createRoute({
  getParentRoute: () => app,
  path: '/settings/billing',
  beforeLoad: ({ context, location }) => {
    adminOnly(context)
    // Back from a checkout that was left: nothing happened, and nothing is said of it.
    if ('checkout' in location.search) throw redirect({ to: '/settings/billing', search: {}, replace: true })
  },
  component: lazyRouteComponent(() => import('./pages/BillingPage.tsx'), 'BillingPage'),
})

const checkoutReturn = createRoute({
  getParentRoute: () => app,
  path: '/settings/billing/return',
  validateSearch: ({ session_id: id }): { session_id?: string | undefined } => ({
    session_id: typeof id === 'string' && id !== '' ? id : undefined,
  }),
  beforeLoad: ({ context }) => adminOnly(context),
  component: lazyRouteComponent(() => import('./pages/CheckoutReturnPage.tsx'), 'CheckoutReturnPage'),
})

const ledger = createRoute({
  getParentRoute: () => app,
  path: '/settings/billing/ledger',
  validateSearch: ledgerSearch,
  beforeLoad: ({ context }) => adminOnly(context),
  component: lazyRouteComponent(() => import('./pages/LedgerPage.tsx'), 'LedgerPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    signup,
    invite,
    forgot,
    reset,
    unsubscribe,
    help,
    contact,
    app.addChildren([
      home,
      campaigns,
      newCampaign,
      build,
      campaign,
      mailbox,
      settings,
      profile,
      users,
      billing,
      checkoutReturn,
      ledger,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
