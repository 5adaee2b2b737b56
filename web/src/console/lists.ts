/** Lists that come in pages. */
import { useState } from 'preact/hooks'
import type { PagerProps } from '../kit'
import { type Resource, useResource } from '../store/resource'
import { api, type Query } from './api'
import type { Page } from './types'

/** everything follows the cursors to the end: for short lists only, such as units and deadlines. */
export async function everything<T>(load: (cursor: string) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  let cursor = ''
  do {
    const page = await load(cursor)
    all.push(...page.items)
    cursor = page.next
  } while (cursor)
  return all
}

export interface Paged<T, P extends Page<T> = Page<T>> {
  page: Resource<P>
  rows: readonly T[]
  /** For Pager. */
  pager: PagerProps
}

/** usePaged loads one page of a list. Another query begins at its first page: a cursor is good only with its own query. */
export function usePaged<T, P extends Page<T> = Page<T>>(path: string, query: Query = {}): Paged<T, P> {
  const key = path + '?' + JSON.stringify(query)
  const [at, setAt] = useState<{ key: string; stack: string[] }>({ key, stack: [] })
  const stack = at.key === key ? at.stack : []
  const cursor = stack[stack.length - 1] ?? ''
  const page = useResource<P>((signal) => api.get<P>(path, { ...query, cursor }, signal), [key, cursor])
  const next = page.data?.next
  return {
    page,
    rows: page.data?.items ?? [],
    pager: {
      total: page.data?.total ?? undefined,
      loading: page.loading,
      onPrev: stack.length > 0 ? () => setAt({ key, stack: stack.slice(0, -1) }) : undefined,
      onNext: next ? () => setAt({ key, stack: [...stack, next] }) : undefined,
    },
  }
}
