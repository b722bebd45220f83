import { useRouter } from '@tanstack/react-router'
import { toast } from 'sonner'
import type { Session } from '../api.ts'
import { typed } from '../parts/typed.ts'
import { queryClient, sessionQuery } from '../queries.ts'
import { people } from './api.ts'
import { NameField, RefusalNotice } from './PersonFields.tsx'
import { useSubmit } from './use-submit.ts'

/** How others see somebody: in the roster, on campaigns, in mails. */
export function NameForm({ session }: { session: Session }) {
  const router = useRouter()
  const { busy, refusal, submit } = useSubmit(async (form) => {
    await people.rename(typed(form, 'name'))
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
    void queryClient.invalidateQueries({ queryKey: ['users'] })
    await router.invalidate()
    toast.success('Your name is saved.')
  })
  return (
    <form className="stack" onSubmit={submit}>
      <RefusalNotice refusal={refusal?.fieldError('name') ? null : refusal} />
      <NameField refusal={refusal} value={session.user.name} />
      <div className="form-actions">
        <button type="submit" className="button" aria-disabled={busy}>
          Save name
        </button>
      </div>
    </form>
  )
}
