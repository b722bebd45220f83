import { ConfirmingPayment, FailedPayment, NewVersionNotice } from '../src/index.ts'
import type { StatesOf } from './state.ts'

const what = '3,000 leads + 12,000 email sends'

export const payments: StatesOf = {
  part: 'PaymentsOnTheirWay',
  states: [
    {
      name: 'payment-confirming',
      title: 'A payment is being confirmed',
      when: 'Somebody is back from the checkout, and Stripe has not confirmed yet.',
      node: <ConfirmingPayment sinceMs={Date.now()} receipt="cs_1" what={what} />,
      texts: ['Payment is being confirmed…', what, 'The meters update by themselves'],
      absent: ['cs_1'],
      also: ['dark'],
    },
    {
      name: 'payment-waiting',
      title: 'Still waiting',
      when: 'After three minutes: what to give to support.',
      node: <ConfirmingPayment sinceMs={0} receipt="2045-7310" what={what} />,
      texts: ['Still waiting for Stripe', 'Contact support with this receipt: 2045-7310'],
      also: ['dark', '390'],
    },
    {
      name: 'payment-unreachable',
      title: 'Stripe cannot be reached',
      when: 'It could not even be asked; it is asked on.',
      node: <ConfirmingPayment unreachable sinceMs={Date.now()} receipt="cs_1" />,
      texts: ['Stripe cannot be reached just now', 'A payment is not lost by this.'],
    },
    {
      name: 'payment-failed',
      title: 'It did not go through',
      when: 'As a bank debit can days later. Stays until it is dismissed.',
      node: <FailedPayment what={what} onDismiss={() => {}} />,
      texts: [`The payment for ${what} did not go through.`, 'Nothing was charged or credited.', 'Dismiss'],
      also: ['390'],
    },
  ],
}

export const newVersion: StatesOf = {
  part: 'NewVersionNotice',
  states: [
    {
      name: 'new-version',
      title: 'A page from before a deploy',
      when: 'Quiet: everything on it works on, and a reload brings the new one.',
      node: <NewVersionNotice onReload={() => {}} />,
      texts: ['A new version is ready.', 'Reload'],
      also: ['dark'],
    },
  ],
}
