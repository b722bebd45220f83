import { useId, useState, type ClipboardEvent } from 'react'
import { Combobox } from '@base-ui/react/combobox'
import { Check, Plus, X } from 'lucide-react'
import { count } from '../numbers.ts'
import type { DirectoryOption } from './api.ts'

/** As many as the server takes of one kind. */
const most = 50

/** Several words of a kind: chosen from what there is by typing its beginning, or words of one's own. */
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
  const [typed, setTyped] = useState('')
  const own = typed.trim()
  const people = new Map(options.map((option) => [option.value, option.people]))
  const known = [...people.keys(), ...chosen.filter((value) => !people.has(value))]
  const isNew = own !== '' && !known.some((value) => value.toLowerCase() === own.toLowerCase())

  const change = (values: string[]) => {
    onChange(values.slice(0, most))
    setTyped('')
  }

  const paste = (event: ClipboardEvent) => {
    const values = listed(event.clipboardData.getData('text'))
    if (values.length < 2) return
    event.preventDefault()
    change([...new Set([...chosen, ...values])])
  }

  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <Combobox.Root
        multiple
        autoHighlight
        items={isNew ? [...known, own] : known}
        value={chosen}
        onValueChange={change}
        inputValue={typed}
        onInputValueChange={setTyped}
      >
        <Combobox.InputGroup className="choice">
          <Combobox.Chips className="choice-chips" aria-label={chosen.length > 0 ? `${label} chosen` : undefined}>
            {chosen.map((value) => (
              <Combobox.Chip
                key={value}
                className="choice-chip"
                aria-label={value}
                aria-description="Press Backspace or Delete to remove"
              >
                <span className="breakable">{value}</span>
                <Combobox.ChipRemove className="choice-remove" aria-label={`Remove ${value}`}>
                  <X size={14} aria-hidden />
                </Combobox.ChipRemove>
              </Combobox.Chip>
            ))}
            <Combobox.Input
              id={id}
              className="choice-input"
              placeholder={chosen.length === 0 ? `Any, or for example ${example}` : ''}
              autoComplete="off"
              onPaste={paste}
            />
          </Combobox.Chips>
        </Combobox.InputGroup>
        <Combobox.Portal>
          <Combobox.Positioner className="choice-place" sideOffset={4}>
            <Combobox.Popup className="choice-popup">
              <Combobox.Empty>
                <p className="choice-empty">Type a word and press Enter.</p>
              </Combobox.Empty>
              <Combobox.List className="choice-list" aria-label={label}>
                {(value: string) => (
                  <Combobox.Item key={value} value={value} className="choice-item">
                    <span className="choice-mark" aria-hidden>
                      {isNew && value === own ? <Plus size={14} /> : chosen.includes(value) && <Check size={14} />}
                    </span>
                    <span className="breakable">{isNew && value === own ? `Use “${value}”` : value}</span>
                    {people.has(value) && <span className="choice-people">{count(people.get(value)!)}</span>}
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
    </div>
  )
}

/** What was pasted, by line, semicolon or comma; "1,001-5,000" is one. */
export const listed = (text: string): string[] =>
  text
    .split(/[;\n]|,(?!\d{3})/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
