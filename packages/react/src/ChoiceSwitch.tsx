import { useId } from 'react'

export interface ChoiceSwitchProps<Value extends string> {
  /** What is chosen between; heard, not seen. */
  legend: string
  choices: readonly { value: Value; label: string }[]
  value: Value
  onChange: (value: Value) => void
}

/** Two or three choices side by side, one of them taken: radio buttons to the keyboard and to who listens. */
export function ChoiceSwitch<Value extends string>({ legend, choices, value, onChange }: ChoiceSwitchProps<Value>) {
  const name = useId()
  return (
    <fieldset className="hr-switch">
      <legend className="hr-hidden">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="hr-switch-choice">
          <input
            type="radio"
            className="hr-hidden"
            name={name}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
