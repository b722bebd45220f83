import type { EditsState } from './use-edits.ts'

/** Whether what was typed is kept. */
export function SavedWords({ state }: { state: EditsState }) {
  return (
    <p className="quiet build-saved" role="status">
      {state.is === 'saving' && 'Saving…'}
      {state.is === 'saved' && 'Changes saved'}
      {state.is === 'wrong' && 'Not saved yet: see what is marked'}
      {state.is === 'failed' && 'Not saved'}
    </p>
  )
}

/** Why it is not, and the way to try again. */
export function SavingFailed({ state, onRetry }: { state: EditsState; onRetry: () => void }) {
  if (state.is !== 'failed') return null
  return (
    <div className="notice is-danger" role="alert">
      <p>Your changes are not saved. {state.error.message}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}
