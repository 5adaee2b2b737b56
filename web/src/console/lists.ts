/** Lists that come in pages. */
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
