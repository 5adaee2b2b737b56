/** How much waits for the office in the campaign at hand: the counts beside the navigation. */
import { signal } from '@preact/signals'
import { api } from '../api'
import type { Overview } from '../types'

export interface Waiting {
  review: number
  held: number
  conflicts: number
  suspects: number
}

export const waiting = signal<Waiting | undefined>(undefined)

let of = ''
let asked = 0

/** refreshWaiting counts anew: when a campaign is opened, after decisions, and now and then. Faults are no matter here. */
export async function refreshWaiting(campaign: string): Promise<void> {
  if (of !== campaign) {
    of = campaign
    waiting.value = undefined
  }
  const turn = ++asked
  try {
    const o = await api.get<Overview>(`/campaigns/${campaign}/overview`, undefined, new AbortController().signal)
    if (turn === asked) {
      noteWaiting(o)
    }
  } catch {
    // The page that is open says what is wrong.
  }
}

/** noteWaiting takes the counts from an overview that was loaded anyway. */
export function noteWaiting(o: Overview): void {
  of = o.campaign.id
  waiting.value = {
    review: o.events.received + o.events.edited,
    held: o.held.reduce((sum, c) => sum + c.lines, 0),
    conflicts: o.conflicts,
    suspects: o.suspects,
  }
}
