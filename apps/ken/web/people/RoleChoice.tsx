import { useId } from 'react'
import type { Role } from '../api.ts'
import { roleNames } from '../session.ts'
import { roleRights, roles } from './roles.ts'

/** One of the four roles, each with what it may do. */
export function RoleChoice({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const name = useId()
  return (
    <fieldset className="role-choices">
      <legend>Role</legend>
      {roles.map((role) => (
        <label key={role} className="role-choice">
          <input
            type="radio"
            name={name}
            checked={value === role}
            aria-describedby={`${name}-${role}`}
            aria-label={roleNames[role]}
            onChange={() => onChange(role)}
          />
          <span>{roleNames[role]}</span>
          <span id={`${name}-${role}`}>{roleRights[role]}</span>
        </label>
      ))}
    </fieldset>
  )
}
