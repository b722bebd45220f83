import { readFile } from 'node:fs/promises'
import { toast } from 'sonner'
import { expect, test, vi } from 'vitest'
import { paymentReceived, purchaseFailed } from './toasts.ts'

test('A139 the toasts are those of the help page, word by word', async () => {
  const failed = vi.spyOn(toast, 'error').mockReturnValue('')
  const received = vi.spyOn(toast, 'success').mockReturnValue('')
  purchaseFailed()
  paymentReceived()
  const said = [failed, received].flatMap(({ mock }) => mock.calls.map(([text]) => text as string))
  expect(said).toEqual([
    'Could not start the add-on purchase. Please try again.',
    'Payment received. Your plan is being updated.',
  ])
  const article = await readFile(new URL('../help/Troubleshooting.tsx', import.meta.url), 'utf8')
  for (const text of said) expect(article).toContain(`“${text}”`)
})
