/** Invoices: the list in the portal, and the page behind hosted_invoice_url, which needs no session. */
import { noSuch } from '../fault.ts'
import { invoiceById, pay } from '../invoices.ts'
import type { Invoice } from '../invoice-object.ts'
import type { PageRoute } from '../route.ts'
import type { Tx } from '../wire.ts'
import { button, escape, money, notice, page } from './layout.ts'
import { longDay, seeOther, visitOf, type Visit } from './portal-view.ts'

export const portalInvoiceRoutes: PageRoute[] = [
  {
    method: 'GET',
    path: '/portal/invoices/:invoice',
    async handle(tx, { ids, params }) {
      return invoicePage(tx, await invoiceById(tx, ids.invoice ?? ''), params.optionalText('said'))
    },
  },
  {
    method: 'POST',
    path: '/portal/invoices/:invoice',
    async handle(tx, { ids }) {
      const invoice = await invoiceById(tx, ids.invoice ?? '')
      const { ok } = invoice.status === 'open' ? await pay(tx, invoice) : { ok: true }
      return seeOther(`${tx.publicUrl}/portal/invoices/${invoice.id}?said=${ok ? 'paid' : 'declined'}`)
    },
  },
  {
    method: 'POST',
    path: '/portal/:id/invoices/:invoice',
    async handle(tx, { ids }) {
      const visit = await visitOf(tx, ids.id ?? '')
      const invoice = await invoiceById(tx, ids.invoice ?? '')
      if (invoice.customer !== visit.customer.id) throw noSuch('invoice', invoice.id)
      const { ok } = invoice.status === 'open' ? await pay(tx, invoice) : { ok: true }
      return seeOther(`${visit.url}?said=${ok ? 'paid' : 'declined'}`)
    },
  },
]

const shown = 12

export async function invoiceRows(tx: Tx, visit: Visit): Promise<string> {
  const all = await tx.list('invoice', { customer: visit.customer.id })
  const invoices = all.filter(({ status }) => status !== 'draft').slice(0, shown)
  if (invoices.length === 0) return '<p class="soft">There are no invoices yet.</p>'
  const rows = invoices.map(
    (
      invoice,
    ) => `<tr><td><a href="${escape(invoice.hosted_invoice_url ?? '')}">${escape(shortDay(invoice.created))}</a></td>
<td class="number">${escape(money(invoice.amount_due, invoice.currency))}</td>
<td class="wide-only">${escape(reasonText(invoice))}</td><td>${state(invoice, `${visit.url}/invoices/${invoice.id}`)}</td></tr>`,
  )
  return `<table><thead><tr><th scope="col">Date</th><th scope="col" class="number">Amount</th><th scope="col" class="wide-only">For</th><th scope="col">State</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`
}

const state = (invoice: Invoice, action: string): string =>
  invoice.status === 'open'
    ? `<form method="post" action="${escape(action)}">${button('Pay', 'quiet small')}</form>`
    : stateTag(invoice)

/** Jan 31, 2026 */
const shortDay = (t: number): string =>
  new Date(t * 1000).toLocaleDateString('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' })

function stateTag({ status }: Invoice): string {
  const looks: Record<string, [string, string]> = {
    paid: ['good', 'Paid'],
    open: ['bad', 'Open'],
    void: ['info', 'Void'],
    uncollectible: ['info', 'Written off'],
  }
  const [kind, text] = looks[status ?? ''] ?? ['info', 'Draft']
  return `<span class="tag ${kind}">${text}</span>`
}

function reasonText({ billing_reason: reason }: Invoice): string {
  if (reason === 'subscription_create') return 'New subscription'
  return reason === 'subscription_update' ? 'Change of plan' : 'Renewal'
}

async function invoicePage(tx: Tx, invoice: Invoice, said: string | undefined): Promise<string> {
  const { currency } = invoice
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)
  const lines = invoice.lines.data.map((line) => row(line.description ?? '', line.amount, currency))
  if (discount !== 0) lines.push(row('Discount', -discount, currency))
  const credit = invoice.amount_due - Math.max(0, invoice.total)
  if (credit !== 0) lines.push(row('Credit from earlier', credit, currency))
  const word =
    said === 'declined'
      ? notice('bad', 'Your card was declined.')
      : said === 'paid'
        ? notice('good', 'The invoice is paid. Thank you.')
        : ''
  const action = `${tx.publicUrl}/portal/invoices/${invoice.id}`
  return page({
    title: `Invoice ${invoice.number ?? ''}`,
    aside: `<div class="stack tight"><p class="soft">Invoice ${escape(invoice.number ?? '')}</p><h1 class="total">${escape(money(invoice.amount_due, currency))}</h1>
<p class="soft">${escape(longDay(invoice.created))} · ${escape(invoice.customer_email ?? '')}</p></div><div>${stateTag(invoice)}</div>`,
    body: `${word}<section><h2>Summary</h2><ul class="lines">${lines.join('')}
<li class="sum"><span>Amount due</span><span class="amount">${escape(money(invoice.amount_due, currency))}</span></li></ul></section>
${invoice.status === 'open' ? `<form method="post" action="${escape(action)}" class="row">${button(`Pay ${money(invoice.amount_remaining, currency)}`)}</form>` : ''}`,
  })
}

const row = (text: string, cents: number, currency: string): string =>
  `<li><span>${escape(text)}</span><span class="amount">${escape(money(cents, currency))}</span></li>`
