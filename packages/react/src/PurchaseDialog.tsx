import { useRef, useState, type FormEvent } from 'react'
import type { AddOnWire, MeterUsageWire, UsageWire } from '@headroom/sdk'
import { Dialog } from './Dialog.tsx'
import { day } from './instants.ts'
import { exactMoney } from './money.ts'
import { number } from './numbers.ts'
import * as words from './purchase-quantity.ts'
import { QuantityField } from './QuantityField.tsx'
import { useCheckout, type CheckoutOptions } from './use-checkout.ts'

export interface PurchaseDialogProps extends CheckoutOptions {
  usage: UsageWire
  meter: MeterUsageWire
  addOn: AddOnWire
  /** Its price is the one of now. Where it is being loaded anew nothing can be bought by the old one. */
  isCurrent: boolean
  /** The server asks for another total than was shown: the prices here are old. */
  onPriceChanged: () => void
  onClose: () => void
}

/** How many, for how much, and on to the checkout. It stays as it is when that cannot be started. */
export function PurchaseDialog({
  usage,
  meter,
  addOn,
  isCurrent,
  onPriceChanged,
  onClose,
  ...go
}: PurchaseDialogProps) {
  const field = useRef<HTMLInputElement>(null)
  const { text, chosen, note, setNote, ...quantity } = useQuantity(addOn, meter)
  const checkout = useCheckout(go)
  const { currency } = addOn
  const blocks = chosen?.blocks ?? 0
  const total = chosen === null ? null : exactMoney(chosen.totalCents, currency)

  const buy = async (event: FormEvent) => {
    event.preventDefault()
    if (chosen === null || !isCurrent) return
    const other = await checkout.start({ addOn: addOn.id, blocks }, chosen.totalCents)
    if (other === null) return
    setNote(`The price has changed: it is ${exactMoney(other.total, other.currency)} now. Nothing was bought yet.`)
    onPriceChanged()
  }

  return (
    <Dialog title={`Purchase ${meter.units}`} first={field} onClose={onClose}>
      <form className="hr-purchase" noValidate aria-busy={checkout.starting} onSubmit={(event) => void buy(event)}>
        <QuantityField
          ref={field}
          {...{ text, note, ...quantity }}
          quantity={chosen?.quantity ?? null}
          inWords={chosen === null ? null : words.quantityText(chosen.quantity, meter)}
          stepInWords={words.quantityText(addOn.blockSize, meter)}
        />
        <ul className="hr-purchase-facts">
          {words.companyTexts(blocks || 1, addOn, usage.addOns ?? [addOn], usage.meters).map((text) => (
            // As many lines as with a number, so that nothing moves while one types.
            <li key={text}>{chosen === null ? '–' : text}</li>
          ))}
          <li>{words.unitPriceText(addOn, currency, meter)}</li>
          <li>Expires with this period on {day(usage.period.end)}</li>
        </ul>
        <p className="hr-purchase-total">
          <span>Total</span>
          <output>{total ?? '–'}</output>
        </p>
        <p className="hr-hidden" role="status">
          {checkout.starting && 'Opening the checkout'}
        </p>
        <div className="hr-dialog-actions">
          <button type="button" className="hr-button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="hr-button is-primary"
            aria-disabled={chosen === null || !isCurrent || checkout.starting}
            aria-busy={checkout.starting}
          >
            {total === null ? 'Purchase' : `Purchase ${total}`}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** The field's text, and the whole blocks it comes to at any moment; begins with one. */
function useQuantity(addOn: AddOnWire, meter: MeterUsageWire) {
  const [text, setText] = useState(number(addOn.blockSize))
  const [last, setLast] = useState(addOn.blockSize)
  const [note, setNote] = useState<string | null>(null)
  const chosen = words.chosenOf(text, addOn)

  const put = (quantity: number, said: string | null) => {
    setText(number(quantity))
    setLast(quantity)
    setNote(said)
  }
  return {
    text,
    chosen,
    note: chosen === null ? `Type a number of ${meter.units}, such as ${number(addOn.blockSize)}.` : note,
    setNote,
    least: addOn.blockSize,
    most: words.mostOf(addOn),
    onType(typed: string) {
      setText(typed)
      setLast(words.chosenOf(typed, addOn)?.quantity ?? last)
      setNote(null)
    },
    onDone() {
      // What is no number stays, and says so: turned into the last one, a click on the button it blocks would buy that one unseen.
      if (chosen === null || text === number(last)) return false
      put(last, words.roundingText(chosen, addOn, meter))
      return chosen.rounding !== 'none'
    },
    onStep: (by: 1 | -1) => put(words.stepped(last, by, addOn), null),
  }
}
