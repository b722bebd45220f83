import { useState } from 'react'

/** Something could not be loaded: what, why, and the way to try again. */
export function Failure({ what, error, onRetry }: { what: string; error: Error; onRetry: () => Promise<unknown> }) {
  const [trying, setTrying] = useState(false)
  const retry = () => {
    setTrying(true)
    void onRetry().finally(() => setTrying(false))
  }
  return (
    <div className="notice is-danger" role="alert">
      <div>
        <p className="notice-title">{what} could not be loaded</p>
        <p>{error.message}</p>
      </div>
      <button type="button" className="button" disabled={trying} onClick={retry}>
        Retry
      </button>
    </div>
  )
}
