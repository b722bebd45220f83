import { useId, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { Check, Plus, X } from 'lucide-react'
import { count } from '../numbers.ts'
import type { DirectoryOption } from './api.ts'
import { choicesFor, listed } from './choices.ts'

/** As many as the server takes of one kind. */
const most = 50

/**
 * Several words of a kind: chosen from what there is by typing a part of it, or words of one's own. Up and down go through the list, Enter
 * takes or gives back, Escape closes it, Backspace in the empty field takes the last word away. What was typed and left counts too.
 */
export function ChoiceField({
  label,
  example,
  options,
  chosen,
  onChange,
}: {
  label: string
  example: string
  options: DirectoryOption[]
  chosen: string[]
  onChange: (values: string[]) => void
}) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const choices = choicesFor(typed, options, chosen)
  const at = choices[active]

  const type = (text: string) => {
    setTyped(text)
    setOpen(true)
    // Who types means the best match; who only looks has chosen nothing yet.
    setActive(text.trim() === '' ? -1 : 0)
  }
  const add = (values: string[]) => {
    onChange([...new Set([...chosen, ...values])].slice(0, most))
    setTyped('')
    setActive(-1)
  }
  const toggle = (value: string) => {
    if (!chosen.includes(value)) return add([value])
    onChange(chosen.filter((other) => other !== value))
    setTyped('')
  }
  const move = (step: number) => {
    setOpen(true)
    const next = (active + step + choices.length) % Math.max(1, choices.length)
    setActive(active === -1 && step < 0 ? choices.length - 1 : next)
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
  }

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      move(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Enter' && (isOpen || typed !== '')) {
      event.preventDefault()
      if (at !== undefined) toggle(at.value)
      // Who typed has what they wanted; who looks through the list goes on with it.
      if (typed !== '') setOpen(false)
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault()
      setOpen(false)
      setActive(-1)
    } else if (event.key === 'Backspace' && typed === '' && chosen.length > 0) {
      onChange(chosen.slice(0, -1))
    }
  }

  const paste = (event: ClipboardEvent) => {
    const values = listed(event.clipboardData.getData('text'))
    if (values.length < 2) return
    event.preventDefault()
    add(values)
  }

  const leave = () => {
    setOpen(false)
    if (typed.trim() !== '') add([choices.find(({ isExact }) => isExact)?.value ?? typed.trim()])
  }

  return (
    <div className="field choice-field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <div className="choice" onClick={() => input.current?.focus()}>
        {chosen.length > 0 && (
          <ul className="choice-chips" aria-label={`${label} chosen`}>
            {chosen.map((value) => (
              <li key={value} className="choice-chip">
                <span className="breakable">{value}</span>
                <button
                  type="button"
                  className="choice-remove"
                  aria-label={`Remove ${value}`}
                  onClick={() => onChange(chosen.filter((other) => other !== value))}
                >
                  <X size={14} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          ref={input}
          id={id}
          role="combobox"
          className="choice-input"
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          placeholder={chosen.length === 0 ? `Any, or for example ${example}` : ''}
          aria-expanded={isOpen && choices.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && at !== undefined ? `${id}-${active}` : undefined}
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
          onPaste={paste}
          onClick={() => setOpen(true)}
          onBlur={leave}
        />
      </div>
      <ul
        id={`${id}-list`}
        className="choice-list"
        role="listbox"
        aria-label="Choices"
        aria-multiselectable
        hidden={!isOpen || choices.length === 0}
        // The focus stays in the field, so that what is typed next is typed there.
        onMouseDown={(event) => event.preventDefault()}
      >
        {isOpen &&
          choices.map(({ value, people, isOwn }, index) => (
            <li
              key={value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={chosen.includes(value)}
              className={`choice-item${index === active ? ' is-active' : ''}`}
              onMouseMove={() => index !== active && setActive(index)}
              onClick={() => toggle(value)}
            >
              <span className="choice-mark" aria-hidden>
                {isOwn ? <Plus size={14} /> : chosen.includes(value) && <Check size={14} />}
              </span>
              <span className="breakable">{isOwn ? `Use “${value}”` : value}</span>
              {people !== null && <span className="choice-people">{count(people)}</span>}
            </li>
          ))}
      </ul>
    </div>
  )
}
