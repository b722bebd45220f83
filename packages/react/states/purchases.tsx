import { PurchaseDialog, PurchaseListView, type PurchaseListViewProps } from '../src/index.ts'
import { catalog } from '../test/sample-catalog.ts'
import { bought, confirmingOne, failedOne, openOne } from '../test/sample-purchase.ts'
import { starter } from '../test/sample-usage.ts'
import type { StatesOf } from './state.ts'
import { Still } from './still-client.tsx'

function dialog(id: string, isCurrent = true) {
  return (
    <Still answers={{ usage: starter }}>
      <PurchaseDialog
        usage={starter}
        meter={starter.meters.find(({ meter }) => meter === id)!}
        addOn={starter.addOns!.find((addOn) => addOn.id === id)!}
        isCurrent={isCurrent}
        onPriceChanged={() => {}}
        onClose={() => {}}
      />
    </Still>
  )
}

export const purchaseDialog: StatesOf = {
  part: 'PurchaseDialog',
  states: [
    {
      name: 'dialog-leads',
      title: 'Leads',
      when: 'One block, what comes with it, its price, the total on the button.',
      node: dialog('leads'),
      texts: [
        'Purchase leads',
        '1,000 leads',
        'includes 4,000 email sends',
        '$90.00 per 1,000 leads',
        'Purchase $90.00',
      ],
      also: ['dark', '390'],
    },
    {
      name: 'dialog-rounding',
      title: 'A number between blocks',
      when: 'What was typed is rounded up to whole blocks when the field is left, and said.',
      node: dialog('leads'),
      type: '2,500',
      texts: ['Rounded up to 3,000: leads are sold in blocks of 1,000', 'Purchase $270.00'],
    },
    {
      name: 'dialog-sends',
      title: 'Email sends',
      when: 'How many leads they cover.',
      node: dialog('email_sends'),
      texts: ['Purchase email sends', 'covers 1,000 leads', 'Purchase $36.00'],
    },
    {
      name: 'dialog-credits',
      title: 'AI credits',
      when: 'One by one, at a flat price.',
      node: dialog('ai_campaigns'),
      texts: ['Purchase AI credits', '$5.00 each', 'Purchase $5.00'],
    },
    {
      name: 'dialog-starting',
      title: 'The checkout is being opened',
      when: 'The button turns and cannot fire twice. When it fails the dialog stays as it is, for another try.',
      node: dialog('leads'),
      press: 'Purchase $90.00',
      texts: ['Opening the checkout', 'Cancel'],
    },
  ],
}

const list = (more: Partial<PurchaseListViewProps>) => (
  <PurchaseListView
    status="ready"
    purchases={null}
    cursor={null}
    busy={false}
    moreFailed={false}
    catalog={catalog}
    retry={() => {}}
    more={() => {}}
    {...more}
  />
)
const named = (id: string) => ({ id, receipt: { number: id, url: null } })

export const purchaseList: StatesOf = {
  part: 'PurchaseList',
  states: [
    {
      name: 'purchases',
      title: 'What was bought',
      when: 'Newest first, each with its state, receipt and total.',
      node: list({
        purchases: [
          { ...openOne, id: 'p1' },
          { ...confirmingOne, ...named('2045-7311') },
          bought,
          { ...bought, ...named('2045-7302'), refundedTotal: 9000 },
          { ...failedOne, id: 'p5' },
          { ...bought, ...named('2045-7290'), state: 'disputed' },
          { ...bought, ...named('2045-7288'), state: 'parked' },
        ],
        cursor: 'older',
      }),
      texts: [
        'Waiting for payment',
        'Continue checkout',
        'Payment is being confirmed',
        'Receipt 2045-7310',
        'Partially refunded',
        'Nothing was charged',
        'Disputed',
        'Contact support with the receipt',
        'Show older purchases',
      ],
      also: ['dark', '390'],
    },
    {
      name: 'purchases-loading',
      title: 'Loading',
      when: 'Blank rows.',
      node: list({ status: 'loading' }),
      texts: ['Loading purchases'],
    },
    {
      name: 'purchases-empty',
      title: 'Nothing bought yet',
      when: 'What will stand here.',
      node: list({ purchases: [] }),
      texts: ['Nothing bought yet.'],
    },
    {
      name: 'purchases-failed',
      title: 'Could not be loaded',
      when: 'With Retry; the rest of the page does not depend on it.',
      node: list({ status: 'error' }),
      texts: ['Purchases could not be loaded', 'Retry'],
    },
  ],
}
