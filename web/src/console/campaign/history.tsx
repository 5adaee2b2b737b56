/** The history of a record: each line that spoke of it, with what it changed. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/review'
import { dateTime } from '../../i18n/format'
import { Button, type Moment, Skeleton, Tag, Timeline, type Tone } from '../../kit'
import { api } from '../api'
import type { Difference, HistoryItem } from '../types'
import { Changes, type Paged } from './parts'
import { person } from './show'

const tones: Record<string, Tone> = {
  'review.accept': 'success', 'review.return': 'returned', 'review.issues': 'warning', 'review.reopen': 'info', 'dup.judge': 'info', 'record.move': 'info',
}
/** What an answer to a decision does anyway: it is no change to review. */
const unsaid = new Set(['completed', 'review', 'duplicate', 'counts_for'])
const decisions = new Set(['review.accept', 'review.return', 'review.issues', 'review.reopen'])

/**
 * sinceDecision sums up what changed after the newest decision among the items, which come newest first: of each field what
 * it was then and what it is now. Undefined when nobody has decided yet, so all of it is new.
 */
export function sinceDecision(items: readonly HistoryItem[]): { op: string; changes: Difference[] } | undefined {
  const last = items.findIndex((i) => decisions.has(i.op))
  if (last < 0) {
    return undefined
  }
  const all = new Map<string, Difference>()
  for (const item of items.slice(0, last).filter((i) => !i.op.startsWith('review.')).reverse()) {
    for (const c of item.changes) {
      const was = all.get(c.field)
      all.set(c.field, { ...c, before: was ? was.before : c.before })
    }
  }
  const same = (c: Difference) => JSON.stringify(c.before) === JSON.stringify(c.after)
  return { op: items[last]?.op ?? '', changes: [...all.values()].filter((c) => !unsaid.has(c.field) && !same(c)) }
}

export interface HistoryProps {
  /** Where further pages come from. */
  base: string
  first: Paged<HistoryItem> | undefined
}

export function History({ base, first }: HistoryProps): VNode {
  const [more, setMore] = useState<Paged<HistoryItem> | undefined>(undefined)
  useEffect(() => setMore(undefined), [first])
  if (!first) {
    return <Skeleton/>
  }
  const items = [...first.items, ...(more?.items ?? [])]
  const next = more ? more.next : first.next
  const load = async () => {
    const page = await api.get<Paged<HistoryItem>>(base, { cursor: next })
    setMore({ ...page, items: [...(more?.items ?? []), ...page.items] })
  }
  if (items.length === 0) {
    return <p class="muted">{t('d.historyNone')}</p>
  }
  return (
    <>
      <Timeline label={t('d.history')} moments={items.map(moment)}/>
      {next && <Button small onClick={load}>{t('d.historyMore')}</Button>}
    </>
  )
}

function moment(i: HistoryItem): Moment {
  const skewed = Math.abs(i.claimed_at - i.effective_at) >= 60_000
  return {
    key: `${i.log}.${i.seq}`,
    at: i.effective_at,
    by: person(i.by),
    tone: tones[i.op] ?? 'neutral',
    title: <>{word('op', i.op)}{i.late && <> <Tag tone="warning">{t('d.lateLine')}</Tag></>}</>,
    body: (
      <>
        {i.reason && <p>{i.reason}</p>}
        {i.note && <p class="muted">{i.note}</p>}
        <Changes of={i.changes}/>
        {skewed && <p class="muted small">{t('d.clock', { when: dateTime(i.claimed_at, { exact: true }) })}</p>}
      </>
    ),
  }
}
