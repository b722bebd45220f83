import '@fontsource-variable/inter/index.css'
import '@headroom/react/styles.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/controls.css'
import './styles/parts.css'
import './styles/import.css'
import './styles/mailbox.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ApiProblem } from './ask.ts'
import { shouldReloadForLostPart } from './build.ts'
import { queryClient, sessionQuery } from './queries.ts'
import { router } from './router.tsx'
import { applyTheme, chosenTheme } from './theme.ts'

applyTheme(chosenTheme())

// A page from before a deploy asks for a part that is gone: the new page has it.
window.addEventListener('vite:preloadError', (event) => {
  if (!shouldReloadForLostPart(Date.now())) return
  event.preventDefault()
  window.location.reload()
})

// A session can end while a page is open: the answer to the next request says so, and the router asks who is there.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error') return
  const error: unknown = event.action.error
  if (!(error instanceof ApiProblem)) return
  if (error.status === 401) {
    queryClient.removeQueries({ queryKey: sessionQuery.queryKey })
    void router.invalidate()
  }
  // A role may have changed, or the workspace been left: the session says, and the pages follow it.
  if ((error.status === 403 || error.status === 404) && event.query.queryKey[0] !== sessionQuery.queryKey[0]) {
    const now = queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
    now.then(
      () => router.invalidate(),
      () => undefined,
    )
  }
})

const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no #root to draw into')
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
