import { useState, type FormEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { Failure } from '../parts/Failure.tsx'
import { Field } from '../parts/Field.tsx'
import { Loading } from '../parts/Loading.tsx'
import { useSession } from '../session.ts'
import { FoundPurchases } from './FoundPurchases.tsx'
import { findQuery } from './queries.ts'

interface Lookup {
  /** What is looked up now, as the address says. */
  find: string | undefined
  onFind: (find: string | undefined) => void
}

/** From what somebody has in hand, a receipt or an id from Stripe's mail, to the purchase and what it brought. */
export function ReceiptLookup({ find, onFind }: Lookup) {
  return (
    <section className="card stack" aria-labelledby="lookup-title">
      <h2 id="lookup-title" className="section-title">
        Look up a purchase
      </h2>
      {/* A link to another receipt fills the field anew. */}
      <LookupForm key={find ?? ''} find={find} onFind={onFind} />
      {find !== undefined && <Found id={find} onClear={() => onFind(undefined)} />}
    </section>
  )
}

function LookupForm({ find, onFind }: Lookup) {
  const [typed, setTyped] = useState(find ?? '')
  const [error, setError] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const asked = typed.trim()
    if (!/^[\x21-\x7e]{1,255}$/.test(asked)) return setError('Type a receipt number such as 1234-5678, or an id.')
    setError(null)
    onFind(asked)
  }
  return (
    <form className="ledger-lookup" noValidate onSubmit={submit}>
      <Field label="Receipt, payment or purchase id" error={error}>
        {(control) => (
          <input
            {...control}
            className="input"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <button type="submit" className="button">
        <Search size={16} aria-hidden />
        Look up
      </button>
    </form>
  )
}

function Found({ id, onClear }: { id: string; onClear: () => void }) {
  const { workspace } = useSession()
  const found = useQuery(findQuery(workspace.id, id))
  if (found.isError) return <Failure what="The purchase" error={found.error} onRetry={found.refetch} />
  if (found.data === undefined) return <Loading what="the purchase" rows={3} />
  return (
    <div className="stack" aria-live="polite">
      {found.data.data.length === 0 ? (
        <p>
          Nothing by that id in this workspace. A receipt number stands in Stripe’s mail. Only purchases of this
          workspace are found here; switch the workspace for others.
        </p>
      ) : (
        <FoundPurchases found={found.data.data} />
      )}
      <button type="button" className="button is-small ledger-clear" onClick={onClear}>
        Clear
      </button>
    </div>
  )
}
