/** Invoices as the API offers them: they are made by subscriptions, here they are read and paid. */
import { agendaOf } from './agenda.ts'
import { settleInvoice } from './billing.ts'
import { createPreview, previewTakes } from './create-preview.ts'
import { badParameter, noSuch, StripeFault } from './fault.ts'
import type { Params } from './form.ts'
import { subscriptionOfInvoice, type Invoice } from './invoice-object.ts'
import { listOf, listParams, type List } from './lists.ts'
import type { SimRoute } from './route.ts'
import { saveChange } from './subscription-change-event.ts'
import { idOf } from './subscription-object.ts'
import { subscriptionById } from './subscriptions.ts'
import type { Tx } from './wire.ts'

export const invoiceRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/invoices/create_preview',
    takes: previewTakes,
    handle: (tx, { params }) => createPreview(tx, params),
  },
  {
    method: 'GET',
    path: '/v1/invoices',
    takes: [...listParams, 'customer', 'status', 'subscription', 'collection_method'],
    handle: (tx, { params }) => listInvoices(tx, params),
  },
  {
    method: 'GET',
    path: '/v1/invoices/:id',
    takes: [],
    handle: (tx, { ids }) => invoiceById(tx, ids.id ?? ''),
  },
  {
    method: 'GET',
    path: '/v1/invoices/:id/lines',
    takes: ['limit', 'starting_after', 'ending_before'],
    async handle(tx, { ids, params }) {
      const { lines } = await invoiceById(tx, ids.id ?? '')
      const data = lines.data.slice(0, params.whole('limit') ?? 10)
      return { ...lines, data, has_more: data.length < lines.data.length }
    },
  },
  {
    method: 'POST',
    path: '/v1/invoices/:id/pay',
    takes: ['payment_method', 'off_session'],
    async handle(tx, { ids, params }) {
      const { invoice, ok } = await pay(tx, await invoiceById(tx, ids.id ?? ''), params.optionalText('payment_method'))
      if (ok) return invoice
      throw new StripeFault(402, {
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'generic_decline',
        message: 'Your card was declined.',
      })
    },
  },
]

const url = '/v1/invoices'

/** By subscription it looks through the invoices of its customer, which are few. */
async function listInvoices(tx: Tx, params: Params): Promise<List<Invoice>> {
  const named = params.optionalText('subscription')
  if (named === undefined) return listOf(tx, 'invoice', url, params, ['customer', 'status', 'collection_method'])
  const subscription = await subscriptionById(tx, named, 'subscription')
  const status = params.optionalText('status')
  const found = (await tx.list('invoice', { customer: idOf(subscription.customer) })).filter(
    (invoice) => subscriptionOfInvoice(invoice) === named && (status === undefined || invoice.status === status),
  )
  const after = params.optionalText('starting_after')
  const rest = after === undefined ? found : found.slice(found.findIndex(({ id }) => id === after) + 1)
  const data = rest.slice(0, params.whole('limit') ?? 10)
  return { object: 'list', url, has_more: data.length < rest.length, data }
}

export async function invoiceById(tx: Tx, id: string): Promise<Invoice> {
  const invoice = await tx.get('invoice', id)
  if (invoice === undefined) throw noSuch('invoice', id)
  return invoice
}

/** Charges an open invoice, with the named payment method or the subscription's. One that is paid already is refused as Stripe refuses it. */
export async function pay(tx: Tx, invoice: Invoice, method?: string): Promise<{ invoice: Invoice; ok: boolean }> {
  if (invoice.status === 'paid') throw badParameter('id', 'Invoice is already paid')
  if (invoice.status !== 'open') {
    throw badParameter('id', `You can only pay an open invoice; this one is ${invoice.status ?? 'not'}.`)
  }
  const id = subscriptionOfInvoice(invoice) ?? ''
  const subscription = await subscriptionById(tx, id)
  const billed = await settleInvoice(tx, subscription, await agendaOf(tx, id), invoice, method)
  await saveChange(tx, subscription, billed.subscription, billed.agenda)
  return billed
}
