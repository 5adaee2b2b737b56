/** The review: a list to go through and the chosen event beside it, by mouse or by keyboard. */
import type { VNode } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { t } from '../../i18n/console/review'
import { Button, EmptyState, IconCheck, LoadFault, Pager, Skeleton, useCursor } from '../../kit'
import { go, href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { may } from '../me'
import { refreshWaiting } from '../shell/waiting'
import type { EventRow } from '../types'
import { mayIn } from '../units'
import { DecideHost, type Op, possible } from './decide'
import { EventView } from './event'
import { Filters, listQuery, StateTabs } from './filters'
import { type Key, KeysHelp, useKeys } from './keys'
import { AcceptMany } from './many'
import { at, Head, type Paged } from './parts'
import { EventList, keyOf } from './queue'

/** toList gives the focus to the chosen event in the list; on a small screen, where the list is hidden, it stays. */
const toList = () => document.querySelector<HTMLElement>('.queue-open[aria-current]')?.focus()

const wide = () => typeof matchMedia === 'function' && matchMedia('(min-width: 900px)').matches

export function Review({ campaign }: { campaign: string }): VNode {
  const q = place.value.query
  const query = listQuery(q)
  const asked = JSON.stringify(query)
  const cursor = useCursor()
  const [fresh, setFresh] = useState<Record<string, EventRow>>({})
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [help, setHelp] = useState(false)
  const [many, setMany] = useState<EventRow[] | undefined>(undefined)
  const page = useResource(async (signal) => {
    const loaded = await api.get<Paged<EventRow>>(`/campaigns/${campaign}/events`, { ...query, cursor: cursor.cursor }, signal)
    setFresh({})
    setSelected(new Set())
    return loaded
  }, [campaign, asked, cursor.cursor])
  useEffect(() => cursor.reset(), [asked])

  // What was decided stays in its place with its new state until the list is loaded again: nothing jumps away.
  const rows = useMemo(() => (page.data?.items ?? []).map((e) => fresh[keyOf(e)] ?? e), [page.data, fresh])
  const sel = q.get('sel') ?? ''
  const current = sel || (wide() && rows[0] ? keyOf(rows[0]) : '')
  const index = rows.findIndex((e) => keyOf(e) === current)
  const here = useRef<HTMLDivElement>(null)
  const choose = (e: EventRow | undefined) => e && setQuery({ sel: keyOf(e) })
  const step = (by: 1 | -1) => choose(rows[index < 0 ? 0 : Math.min(Math.max(index + by, 0), rows.length - 1)])
  useKeys((key) => {
    const act: Partial<Record<Key, () => void>> = {
      j: () => step(1), k: () => step(-1), '?': () => setHelp(true),
      Enter: () => here.current?.querySelector<HTMLElement>('.event-title')?.focus(),
      x: () => current && may('review') && setSelected(toggled(selected, current)),
      '/': () => document.querySelector<HTMLElement>('.main input[type=search]')?.focus(),
      Escape: () => (wide() ? toList() : setQuery({ sel: undefined })),
    }
    act[key]?.()
    return Boolean(act[key])
  })
  // The next event is shown in place of the one that was decided, so the focus could not stay there: the list takes it along.
  const decided = (op: Op) => {
    if (op !== 'comment') {
      toList()
    }
    if (op !== 'comment' && op !== 'reopen' && rows[index + 1]) {
      step(1)
    }
  }
  const [unit = '', id = ''] = current.split('.')
  const mine = rows.filter((e) => mayIn('review', e.counts_for || e.unit, campaign))
  return (
    <>
      <Head campaign={campaign} title={t('title')} actions={<>
        <Button onClick={() => setHelp(true)}>{t('keys')}</Button>
        {may('review') && (
          <Button kind="primary" icon={IconCheck} busy={page.loading} onClick={() => setMany(selected.size > 0 ? mine.filter((e) => selected.has(keyOf(e))) : mine.filter(waits))}>
            {t(selected.size > 0 ? 'acceptSelected' : 'acceptShown')}
          </Button>
        )}
      </>}/>
      <Filters campaign={campaign}/>
      <StateTabs campaign={campaign} unit={query.unit ?? ''} value={q.get('state') ?? 'waiting'}/>
      <div class={sel ? 'review review-open' : 'review'}>
        <section class="review-list" aria-label={t('list')}>
          {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
          {!page.data && page.loading && <Skeleton lines={8}/>}
          {page.data && rows.length === 0 && <EmptyState title={t(query.state ? 'empty.waiting' : 'empty.any')} text={t('empty.hint')}/>}
          <EventList rows={rows} current={current} onOpen={choose} selected={may('review') ? selected : undefined} onSelect={setSelected}/>
          {page.data && rows.length > 0 && <Pager {...cursor.pager(page.data.next)} total={page.data.total} loading={page.loading}/>}
        </section>
        <div class="review-detail" ref={here}>
          {id && <div class="review-back"><Button small onClick={() => setQuery({ sel: undefined })}>{t('back')}</Button></div>}
          <div class="unseen" role="status">{index >= 0 && `${t('position', { i: index + 1, n: rows.length })} ${rows[index]?.title}`}</div>
          {id ? (
            <EventView key={current} campaign={campaign} unit={unit} id={id} onRow={(e) => setFresh((all) => ({ ...all, [keyOf(e)]: e }))}
              onDecided={decided} listed={page.data?.items.find((e) => keyOf(e) === current)}
              page={href(at(campaign, `review/${unit}/${id}`))}/>
          ) : !page.loading && rows.length > 0 && <EmptyState title={t('choose')} text={t('chooseHint')}/>}
        </div>
      </div>
      <DecideHost/>
      <KeysHelp open={help} onClose={() => setHelp(false)}/>
      {many && <AcceptMany campaign={campaign} rows={many} onClose={(changed) => {
        setMany(undefined)
        if (changed) {
          page.reload()
          void refreshWaiting(campaign)
        }
      }}/>}
    </>
  )
}

const waits = (e: EventRow) => e.state !== 'accepted' && e.state !== 'returned' && !e.deleted && (possible(e, 'accept') || Boolean(e.conflicts))

function toggled(all: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(all)
  if (!next.delete(key)) {
    next.add(key)
  }
  return next
}

/** EventPage is one event as a page of its own. */
export function EventPage({ campaign, unit, id }: { campaign: string; unit: string; id: string }): VNode {
  const [title, setTitle] = useState('')
  const [help, setHelp] = useState(false)
  const list = href(at(campaign, 'review'))
  useKeys((key) => {
    if (key === '?') {
      setHelp(true)
    } else if (key === 'Escape') {
      go(list)
    }
    return key === '?' || key === 'Escape'
  })
  return (
    <>
      <Head campaign={campaign} title={title || t('detail')} path={[{ label: t('title'), href: list }]}/>
      <EventView campaign={campaign} unit={unit} id={id} onRow={(e) => setTitle(e.title)}/>
      <DecideHost/>
      <KeysHelp open={help} onClose={() => setHelp(false)}/>
    </>
  )
}
