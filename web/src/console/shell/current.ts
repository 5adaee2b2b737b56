/** The campaign at hand: the one in the address, else the last one that was open here. */
import { computed, signal } from '@preact/signals'
import { place } from '../../store/location'
import { campaignOf, campaigns } from '../me'

const storageKey = 'fieldsync.campaign'

function stored(): string {
  try {
    return localStorage.getItem(storageKey) ?? ''
  } catch {
    return '' // a browser may forbid storage
  }
}

const last = signal(stored())

/** remember keeps the campaign for pages that belong to none. */
export function remember(id: string): void {
  last.value = id
  try {
    localStorage.setItem(storageKey, id)
  } catch {
    // As above.
  }
}

/** here is the id of the campaign at hand; undefined when there is none. */
export const here = computed<string | undefined>(() => {
  const [, first, id] = place.value.path.split('/')
  if (first === 'c' && id && id !== '') {
    return id
  }
  return campaignOf(last.value)?.id ?? campaigns.value.find((c) => c.state !== 'frozen')?.id ?? campaigns.value[0]?.id
})
