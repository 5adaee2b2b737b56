/** What the server says to everybody. */
import { base } from './session'

export interface Status {
  /** Somebody can sign in; before that, the set-up link opens the first account. */
  ready: boolean
}

/** getStatus asks without a token. */
export async function getStatus(signal: AbortSignal): Promise<Status> {
  const answer = await fetch(base + '/status', { headers: { Accept: 'application/json' }, signal })
  return (await answer.json()) as Status
}
