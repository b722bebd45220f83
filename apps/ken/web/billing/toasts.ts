/** What Billing says in passing, in the words of the help page. */
import { toast } from 'sonner'

export const purchaseFailed = () => void toast.error('Could not start the add-on purchase. Please try again.')
export const checkoutFailed = () => void toast.error('Could not start the checkout. Please try again.')
export const portalFailed = () => void toast.error('Could not open the billing portal. Please try again.')
export const paymentReceived = () => void toast.success('Payment received. Your plan is being updated.')
