import { api } from '../api.ts'
import { Field } from '../parts/Field.tsx'
import { typed } from '../parts/typed.ts'
import { people } from './api.ts'
import { leaveApp, startApp } from './enter.ts'
import { LonePage } from './LonePage.tsx'
import { RefusalNotice } from './PersonFields.tsx'
import { useSubmit } from './use-submit.ts'

/** For somebody who is signed in and belongs to no workspace: removed from the last one, or cut off while signing up. */
export function NoWorkspace({ person }: { person: { name: string; email: string } }) {
  const { busy, refusal, submit } = useSubmit(async (form) => {
    const { workspace } = await people.createWorkspace(typed(form, 'name'))
    startApp(workspace.id)
  })
  const signOut = useSubmit(async () => {
    await api.logout()
    leaveApp()
  })
  return (
    <LonePage title="You are in no workspace">
      <p className="breakable">
        You are signed in as {person.email}. Ask an Admin of your workspace to invite you, or begin a workspace of your
        own on the Free plan.
      </p>
      <RefusalNotice refusal={refusal?.fieldError('name') ? null : (refusal ?? signOut.refusal)} />
      <form className="stack" onSubmit={submit}>
        <Field label="Workspace name" error={refusal?.fieldError('name') ?? null}>
          {(control) => (
            <input {...control} className="input" name="name" autoComplete="organization" maxLength={100} required />
          )}
        </Field>
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Create workspace
        </button>
      </form>
      <form onSubmit={signOut.submit}>
        <button type="submit" className="button is-quiet" aria-disabled={signOut.busy}>
          Sign out
        </button>
      </form>
    </LonePage>
  )
}
