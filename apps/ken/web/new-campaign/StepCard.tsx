import { useEffect, useId, useRef, type ReactNode } from 'react'

/** One step: its title, which takes the focus when the step is gone to, and what there is to do. */
export function StepCard({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    // With the page itself the focus is at the top of the page; from then on it goes where the next thing is to do.
    if (document.activeElement !== document.body && document.activeElement?.tagName !== 'H1') heading.current?.focus()
  }, [title])

  return (
    <section className="card stack is-loose" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1} className="section-title">
        {title}
      </h2>
      {children}
    </section>
  )
}

/** Back and on. Without `onNext` the step has not been answered yet. */
export function StepButtons({ onBack, onNext }: { onBack?: () => void; onNext?: () => void }) {
  return (
    <div className="import-actions">
      {onBack !== undefined && (
        <button type="button" className="button" onClick={onBack}>
          Back
        </button>
      )}
      {onNext !== undefined && (
        <button type="button" className="button is-primary" onClick={onNext}>
          Continue
        </button>
      )}
    </div>
  )
}
