import type { EditsState } from './use-edits.ts'

/** Whether what was typed is kept; where it is not, the way to try again. */
export function SavedState({ state, onRetry }: { state: EditsState; onRetry: () => void }) {
  if (state.is === 'failed') {
    return (
      <div className="notice is-danger" role="alert">
        <p>Your changes are not saved. {state.error.message}</p>
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      </div>
    )
  }
  return (
    <p className="quiet build-saved" role="status">
      {state.is === 'saving' && 'Saving…'}
      {state.is === 'saved' && 'Your changes are saved.'}
      {state.is === 'wrong' && 'Not saved yet: see what is marked above.'}
    </p>
  )
}
