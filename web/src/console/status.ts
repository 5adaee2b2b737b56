/** What the server says to everybody. */
import { base } from './session'

export interface Status {
  /** Nobody can sign in yet: the set-up link opens the first account. */
  setup_needed: boolean
  version: string
}

/** getStatus asks without a token. */
export async function getStatus(signal: AbortSignal): Promise<Status> {
  const answer = await fetch(base + '/status', { headers: { Accept: 'application/json' }, signal })
  return (await answer.json()) as Status
}
