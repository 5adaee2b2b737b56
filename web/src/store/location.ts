/**
 * Where the person is: the part of the address after '#', as a signal. Moving to another path aborts what the page before
 * was still loading and lets the new page's heading take the focus.
 */
import { batch, signal } from '@preact/signals'

export interface Place {
  path: string
  query: URLSearchParams
}

/** read parses the hash: '#/units/7?day=1' is the path '/units/7' with a query. */
export function read(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2)
  return { path: path.startsWith('/') ? path : '/' + path, query: new URLSearchParams(query) }
}

export const place = signal<Place>(read(typeof location === 'undefined' ? '' : location.hash))

let page = new AbortController()
let headingDue = false

/** pageSignal aborts when the person leaves the page that is shown now. */
export const pageSignal = (): AbortSignal => page.signal

/** headingTurn tells a page's heading, once after each move, that it should take the focus. */
export function headingTurn(): boolean {
  const due = headingDue
  headingDue = false
  return due
}

function moved(): void {
  const next = read(location.hash)
  if (next.path !== place.value.path) {
    page.abort()
    page = new AbortController()
    headingDue = true
    window.scrollTo(0, 0)
  }
  batch(() => (place.value = next))
}

/** follow keeps place to the address; apps call it once. */
export function follow(): void {
  window.addEventListener('hashchange', moved)
}

type Query = Record<string, string | number | boolean | undefined>

/** href makes the address of a place, for links; undefined and empty values are left out of the query. */
export function href(path: string, query: Query = {}): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') {
      pairs.set(name, String(value))
    }
  }
  const text = pairs.toString()
  return '#' + path + (text ? '?' + text : '')
}

/** go moves to an address made by href; with replace the way back skips the place that is left. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace) {
    history.replaceState(history.state, '', to)
    moved()
    return
  }
  location.hash = to
}

/** setQuery changes parts of the query of this page without a step in the history: filters, tabs, cursors. */
export function setQuery(change: Query): void {
  const all: Query = {}
  place.value.query.forEach((value, name) => (all[name] = value))
  go(href(place.value.path, { ...all, ...change }), { replace: true })
}
