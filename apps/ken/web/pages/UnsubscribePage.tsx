import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ApiProblem } from '../ask.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { LonePage } from '../people/LonePage.tsx'
import { queryClient } from '../queries.ts'
import { sendingApi } from '../sending/api.ts'
import { subscriptionQuery } from '../sending/queries.ts'

const route = getRouteApi('/unsubscribe/$token')

/** Where the link under a campaign's mail leads. Opening it changes nothing, as mail programs open links too: the button does. */
export function UnsubscribePage() {
  const { token } = route.useParams()
  const subscription = useQuery(subscriptionQuery(token))
  const unsubscribe = useMutation({
    mutationFn: () => sendingApi.unsubscribe(token),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: subscriptionQuery(token).queryKey }),
  })
  const { data, error } = subscription

  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <LonePage title="This link is not known">
        <p>It may have been cut off on its way. Open the link at the end of the mail once more, or copy all of it.</p>
        <Link to="/help/contact" className="link">
          Contact us
        </Link>
      </LonePage>
    )
  }
  if (data === undefined) {
    return (
      <LonePage title="Unsubscribe">
        {subscription.isError ? (
          <Failure what="Your subscription" error={subscription.error} onRetry={subscription.refetch} />
        ) : (
          <Loading what="your subscription" rows={3} height={24} />
        )}
      </LonePage>
    )
  }
  if (data.state === 'unsubscribed') {
    return (
      <LonePage key="done" title="You are unsubscribed">
        <p className="breakable">
          {data.workspace} sends no more mails to {data.email}. You can close this page.
        </p>
      </LonePage>
    )
  }
  return (
    <LonePage title="Unsubscribe">
      <p className="breakable">
        {data.workspace} sends mails to {data.email}. If you unsubscribe, none of its campaigns writes to you again.
      </p>
      {unsubscribe.isError && (
        <p className="notice is-danger" role="alert">
          You are not unsubscribed yet. {unsubscribe.error.message}
        </p>
      )}
      <button
        type="button"
        className="button is-primary"
        aria-disabled={unsubscribe.isPending}
        onClick={() => !unsubscribe.isPending && unsubscribe.mutate()}
      >
        Unsubscribe
      </button>
    </LonePage>
  )
}
