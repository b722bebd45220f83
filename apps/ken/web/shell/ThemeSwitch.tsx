import { useId, useState } from 'react'
import { chooseTheme, chosenTheme, themes, type Theme } from '../theme.ts'

const names: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' }

export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme)
  const name = useId()
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">Theme</legend>
      {themes.map((choice) => (
        <label key={choice} className="theme-choice">
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={theme === choice}
            onChange={() => {
              chooseTheme(choice)
              setTheme(choice)
            }}
          />
          <span>{names[choice]}</span>
        </label>
      ))}
    </fieldset>
  )
}
