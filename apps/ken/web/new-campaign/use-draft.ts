import { useRef } from 'react'
import { api, type Criteria } from '../api.ts'
import { sameCriteria } from '../directory/CriteriaFields.tsx'
import { queryClient } from '../queries.ts'

interface Written {
  id: string
  name: string
  criteria: Criteria
}

/**
 * The campaign behind the wizard, made when it is first needed. Asked for again it is brought up to what was changed meanwhile; asked for
 * twice at once it is made once.
 */
export function useDraft(there: Written | null, onMade: (id: string) => void) {
  const written = useRef(there)
  const asked = useRef<Promise<string> | null>(null)

  const write = async (name: string, criteria: Criteria): Promise<string> => {
    const before = written.current
    if (before === null) {
      const { id } = await api.createCampaign(name, criteria)
      written.current = { id, name, criteria }
      onMade(id)
    } else {
      if (before.name !== name) await api.renameCampaign(before.id, name)
      if (!sameCriteria(before.criteria, criteria)) await api.setCriteria(before.id, criteria)
      written.current = { id: before.id, name, criteria }
    }
    const { id } = written.current!
    void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
    void queryClient.invalidateQueries({ queryKey: ['campaign', id] })
    return id
  }

  return async (name: string, criteria: Criteria): Promise<string> => {
    await asked.current?.catch(() => undefined)
    const writing = write(name, criteria).finally(() => (asked.current = null))
    asked.current = writing
    return writing
  }
}
