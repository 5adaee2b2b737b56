/** Paging by cursors: the server says where the next page begins, and nobody knows how many pages there are. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../i18n/kit'
import { Button } from './button'
import { IconLeft, IconRight } from './icons'

export interface PagerProps {
  /** Of all pages, when the server says. */
  total?: number | undefined
  onPrev?: (() => void) | undefined
  onNext?: (() => void) | undefined
  loading?: boolean
}

/** Pager shows the total and the two buttons; without onPrev or onNext that way ends. */
export function Pager({ total, onPrev, onNext, loading }: PagerProps): VNode {
  return (
    <nav class="row pager" aria-label={t('pager')}>
      {total !== undefined && <span class="muted">{t('pager.total', { n: total })}</span>}
      <Button small icon={IconLeft} disabled={!onPrev || Boolean(loading)} onClick={onPrev}>{t('pager.prev')}</Button>
      <Button small icon={IconRight} disabled={!onNext || Boolean(loading)} onClick={onNext}>{t('pager.next')}</Button>
    </nav>
  )
}

export interface Cursor {
  /** To send with the request; empty for the first page. */
  cursor: string
  /** Handlers for Pager; next is the cursor that the server gave with this page, if any. */
  pager: (next: string | undefined) => { onPrev: (() => void) | undefined; onNext: (() => void) | undefined }
  /** Back to the first page, after another filter was chosen. */
  reset: () => void
}

/** useCursor remembers the cursors of the pages before this one. */
export function useCursor(): Cursor {
  const [stack, setStack] = useState<string[]>([])
  return {
    cursor: stack[stack.length - 1] ?? '',
    pager: (next) => ({
      onPrev: stack.length > 0 ? () => setStack(stack.slice(0, -1)) : undefined,
      onNext: next ? () => setStack([...stack, next]) : undefined,
    }),
    reset: () => setStack([]),
  }
}
