import { StripeFault } from '../fault.ts'
import { decodeForm } from '../form.ts'
import type { PageRoute } from '../route.ts'
import { settleDue } from '../settle.ts'
import type { Store } from '../store.ts'
import { escape, notice, page } from './layout.ts'

/** A hosted page as it is now: what is due by the clock has happened. */
export async function answerPage(
  store: Store,
  route: PageRoute,
  request: Request,
  ids: Record<string, string>,
): Promise<Response> {
  const form = route.method === 'GET' ? new URL(request.url).search.slice(1) : await request.text()
  try {
    const answer = await store.transaction(async (tx) => {
      await settleDue(tx)
      return route.handle(tx, { ids, params: decodeForm(form) })
    })
    return typeof answer === 'string' ? html(answer, 200) : answer
  } catch (fault) {
    if (!(fault instanceof StripeFault)) throw fault
    const body = `${notice('bad', 'This page cannot be shown.')}<p class="soft">${escape(fault.message)}</p>`
    return html(page({ title: 'Something went wrong', aside: '<h1>Something went wrong</h1>', body }), fault.status)
  }
}

/** Nothing of these pages may be kept, framed, or load anything from elsewhere. */
function html(body: string, status: number): Response {
  return new Response(body, {
    status,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      'Content-Type': 'text/html; charset=utf-8',
      'Referrer-Policy': 'no-referrer',
    },
  })
}
