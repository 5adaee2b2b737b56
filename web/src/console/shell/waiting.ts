/** The overview of the campaign at hand: asked for once, for the counts beside the navigation and for the pages. */
import { computed, signal } from '@preact/signals'
import { api } from '../api'
import type { Overview } from '../types'

export interface Waiting {
  review: number
  held: number
  conflicts: number
  suspects: number
}

/** overview is what was loaded last of all that the person may look at. */
export const overview = signal<Overview | undefined>(undefined)

export const waiting = computed<Waiting | undefined>(() => {
  const o = overview.value
  return o && {
    review: o.events.received + o.events.edited,
    held: o.held.reduce((sum, c) => sum + c.lines, 0),
    conflicts: o.conflicts,
    suspects: o.suspects,
  }
})

let running: { campaign: string; answer: Promise<Overview> } | undefined
let asked = 0

const [usual, least, recent] = [60_000, 15_000, 5_000] // ms: between two questions nobody pressed for, and what is new enough

/** loadOverview asks for the overview; who asks before the answer is there gets the same one. Unless anew, a recent one will do. */
export function loadOverview(campaign: string, anew = true): Promise<Overview> {
  const known = overview.value
  if (!anew && known?.campaign.id === campaign && Date.now() - asked < recent) {
    return Promise.resolve(known)
  }
  if (running?.campaign !== campaign) {
    running = { campaign, answer: ask(campaign) }
  }
  return running.answer
}

async function ask(campaign: string): Promise<Overview> {
  asked = Date.now()
  if (overview.value?.campaign.id !== campaign) {
    overview.value = undefined
  }
  try {
    // No page's signal: whoever leaves the page still wants the counts.
    const o = await api.get<Overview>(`/campaigns/${campaign}/overview`, undefined, new AbortController().signal)
    if (running?.campaign === campaign) {
      overview.value = o
    }
    return o
  } finally {
    if (running?.campaign === campaign) {
      running = undefined
    }
  }
}

/** refreshWaiting counts anew after a decision. What was asked before it may not know of it, so that is waited for. */
export async function refreshWaiting(campaign: string): Promise<void> {
  await running?.answer.catch(() => undefined)
  await loadOverview(campaign).catch(() => undefined) // the page that is open says what is wrong
}

/** watchWaiting counts anew every minute while the page is seen, and when it is seen again; it returns what ends that. */
export function watchWaiting(campaign: string): () => void {
  const look = () => {
    if (!document.hidden && Date.now() - asked >= least) {
      void loadOverview(campaign).catch(() => undefined)
    }
  }
  void loadOverview(campaign).catch(() => undefined)
  const timer = setInterval(look, usual)
  document.addEventListener('visibilitychange', look)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  }
}
