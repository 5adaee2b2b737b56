/**
 * The session of the office's console. The access token lives in memory only; the right to a new one is a cookie that
 * script cannot read, used by POST /session/refresh. One refresh at a time, in this tab and over all tabs, because the
 * server takes each refresh cookie once.
 */
import { signal } from '@preact/signals'
import { Problem, problemOf } from './problem'

export const base = '/api/v1/office'

/** signedOut is true once the server has said that the session is over. Screens show the sign-in then. */
export const signedOut = signal(false)

let token = ''
let refreshing: Promise<void> | undefined

export const accessToken = (): string => token

/** mustChange is true while the server lets the person do nothing but choose a password of their own. */
export const mustChange = signal(false)

/** What a sign-in, a set-up and a refresh answer. */
export interface Signed {
  access_token: string
  must_change?: boolean
}

/** setToken starts the session in this tab with the answer of a sign-in. */
export function setToken(access: string, change = false): void {
  token = access
  mustChange.value = change
  signedOut.value = access === ''
}

/** endSession forgets the token; call it after the server was told. */
export function endSession(): void {
  setToken('')
}

/** refresh gets a new access token; calls that come meanwhile wait for the same answer. */
export function refresh(): Promise<void> {
  refreshing ??= overAllTabs(ask).finally(() => (refreshing = undefined))
  return refreshing
}

function overAllTabs(task: () => Promise<void>): Promise<void> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  return locks ? locks.request('fieldsync-refresh', task) : task()
}

async function ask(): Promise<void> {
  let answer: Response
  try {
    answer = await fetch(base + '/session/refresh', {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: '{}',
      credentials: 'same-origin',
      cache: 'no-store',
    })
  } catch {
    throw new Problem({ code: 'network' }) // the session may well go on: nobody is signed out by a lost network
  }
  if (answer.ok) {
    const signed = (await answer.json()) as Signed
    setToken(signed.access_token, signed.must_change)
    return
  }
  if (answer.status === 401 || answer.status === 403) {
    endSession()
  }
  throw await problemOf(answer)
}
