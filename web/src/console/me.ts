/** Who is signed in, and what they may do where. */
import { batch, computed, signal } from '@preact/signals'
import { api, open } from './api'
import { endSession, mustChange, type Signed, setToken } from './session'
import type { Ability, Campaign, Me } from './types'

export const me = signal<Me | undefined>(undefined)

/** may says whether the person may do it in some unit of some campaign: for what is offered at all. */
export const may = (ability: Ability): boolean => me.value?.anywhere.includes(ability) ?? false

/** mayEverywhere says whether the person may do it in a whole tree: templates, imports, new roots. */
export const mayEverywhere = (ability: Ability): boolean => me.value?.everywhere.includes(ability) ?? false

/** campaigns in reach, the newest first. */
export const campaigns = computed<Campaign[]>(() =>
  [...(me.value?.campaigns ?? [])].sort((a, b) => b.year - a.year || b.first_day.localeCompare(a.first_day)))

/** campaignOf returns a campaign in reach. */
export const campaignOf = (id: string): Campaign | undefined => campaigns.value.find((c) => c.id === id)

/** loadMe asks again: after the sign-in, and after a change of campaigns or of own rights. */
export async function loadMe(): Promise<void> {
  const answer = await api.get<Me>('/me', undefined, new AbortController().signal) // goes on when the person moves
  batch(() => {
    me.value = answer
    mustChange.value = answer.must_change
  })
}

/** take starts a session with the answer of a sign-in. */
export async function take(signed: Signed): Promise<void> {
  setToken(signed.access_token, signed.must_change)
  await loadMe()
}

export async function signIn(login: string, password: string): Promise<void> {
  await take(await open<Signed>('/session', { login, password }))
}

/** signOut tells the server, and forgets all even when nobody answers. */
export async function signOut(): Promise<void> {
  try {
    await api.del('/session')
  } finally {
    endSession()
    me.value = undefined
  }
}
