import * as answers from '../answers.ts'
import { badCursor, openCursor, sealCursor } from '../cursor.ts'
import { notFound } from '../problem.ts'
import * as requests from '../requests.ts'
import { ok, route } from '../route.ts'
import { askedBy, commitOf, extendOf, releaseOf, reserveOf } from '../submissions.ts'
import { closedOrRunning, refused, running, stored } from './documents.ts'

const tag = 'Reservations'
const all = '/v1/workspaces/{workspace}/reservations'
const one = `${all}/{id}`

export const reservations = [
  route({
    name: 'reserve',
    method: 'post',
    path: all,
    tag,
    summary: 'Set quantities aside before work starts',
    description:
      'All or nothing, or with `partial` what is left. The `id` is yours: asked again with the same content it answers 200 with the reservation as it stands now, with other content 422 `reservation_mismatch`. A refusal leaves the id free.',
    right: 'write',
    urgency: 'first',
    body: requests.reserve,
    answers: {
      200: stored('It was made before, with this content: as it stands now.', answers.reservation),
      201: stored('Held.', answers.reservation),
      402: refused,
      409: running,
    },
    handle: (call) => call.engine.submit(reserveOf(askedBy(call, 'reserve'), call.body)),
  }),
  route({
    name: 'listReservations',
    method: 'get',
    path: all,
    tag,
    summary: 'List reservations, in the order of their ids',
    right: 'look',
    urgency: 'later',
    query: requests.reservationsQuery,
    answers: { 200: { description: 'A page.', schema: answers.reservations } },
    async handle({ engine, workspace, query: { state, limit, ...query } }) {
      const cursor = openCursor('reservations', workspace, query.cursor)
      const page = await engine.reservations(workspace, {
        limit,
        ...(state && { state }),
        ...(cursor !== undefined && { cursor }),
      })
      if (!page) throw notFound()
      if (page === 'bad_cursor') throw badCursor()
      return ok(sealCursor('reservations', workspace, page))
    },
  }),
  route({
    name: 'getReservation',
    method: 'get',
    path: one,
    tag,
    summary: 'Read a reservation',
    right: 'look',
    answers: { 200: { description: 'The reservation.', schema: answers.reservation } },
    async handle({ engine, workspace, id }) {
      const found = await engine.reservation(workspace, id)
      if (!found) throw notFound()
      return ok(found)
    },
  }),
  route({
    name: 'commit',
    method: 'post',
    path: `${one}/commit`,
    tag,
    summary: 'Count what was used since the last part',
    description:
      'A final commit (the default) returns the rest and ends the reservation; the same ending asked again answers as the first did. More than is held: 422 `exceeds_reservation`.',
    right: 'write',
    urgency: 'first',
    body: requests.commit,
    answers: { 200: stored('The reservation.', answers.reservation), 409: closedOrRunning },
    handle: (call) => call.engine.submit(commitOf(askedBy(call, 'commit'), call.id, call.body)),
  }),
  route({
    name: 'release',
    method: 'post',
    path: `${one}/release`,
    tag,
    summary: 'End a reservation; what its parts did not use returns',
    right: 'write',
    urgency: 'first',
    body: requests.release,
    bodyMayBeEmpty: true,
    answers: { 200: stored('The reservation.', answers.reservation), 409: closedOrRunning },
    handle: (call) => call.engine.submit(releaseOf(askedBy(call, 'release'), call.id)),
  }),
  route({
    name: 'extend',
    method: 'post',
    path: `${one}/extend`,
    tag,
    summary: 'Keep a reservation longer',
    description: 'It then expires `ttlSeconds` from now, never earlier than before.',
    right: 'write',
    urgency: 'first',
    body: requests.extend,
    answers: { 200: stored('The reservation.', answers.reservation), 409: closedOrRunning },
    handle: (call) => call.engine.submit(extendOf(askedBy(call, 'extend'), call.id, call.body)),
  }),
]
