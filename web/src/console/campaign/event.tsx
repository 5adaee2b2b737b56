/** One event whole: what was recorded, what changed, what it gives to the table, and the decision. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/review'
import { dateTime } from '../../i18n/format'
import { Button, Card, IconCheck, IconUndo, Loaded, LoadFault, Menu, type MenuItem, Notice, Tag } from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import type { EventDetail, EventRow, HistoryItem } from '../types'
import { mayIn, unitName } from '../units'
import { ConflictCard } from './conflict-card'
import { CorrectDialog, MoveDialog, TallyDialog } from './correct'
import { decide, type Op, possible } from './decide'
import { Counts, Facts, People, TableRows } from './event-facts'
import { DuplicateNotice, HeldNotice, Lots, Photos, SuspectNotice } from './event-more'
import { History, sinceDecision } from './history'
import { useKeys } from './keys'
import { at, Changes, Marks, type Paged, StateTag, useUnits } from './parts'
import { person } from './show'

export interface EventViewProps {
  campaign: string
  unit: string
  id: string
  /** Called with what was loaded, so that a list beside it shows the same. */
  onRow: (event: EventRow) => void
  onDecided?: (op: Op) => void
  /** The address of the page of its own. */
  page?: string
  /** The event as a list has it, loaded perhaps later than what is shown here. */
  listed?: EventRow | undefined
}

type Doing = 'correct' | 'move' | { indicator: string; label: string }

export function EventView({ campaign, unit, id, onRow, onDecided, page, listed }: EventViewProps): VNode {
  useUnits()
  const base = `/campaigns/${campaign}/units/${unit}`
  const [doing, setDoing] = useState<Doing | undefined>(undefined)
  const detail = useResource((signal) => api.get<EventDetail>(`${base}/events/${id}`, undefined, signal), [base, id])
  const history = useResource((signal) => api.get<Paged<HistoryItem>>(`${base}/event/${id}/history`, undefined, signal), [base, id])
  const reload = () => {
    detail.reload()
    history.reload()
  }
  const event = detail.data
  useEffect(() => event && onRow(event), [event])
  useEffect(() => {
    if (listed && event && listed.seq > event.seq) {
      reload()
    }
  }, [listed])
  const may = Boolean(event && mayIn('review', event.counts_for || event.unit, campaign))
  const act = async (op: Op) => {
    if (event && may && !detail.loading && await decide(event, op, reload)) {
      onDecided?.(op)
    }
  }
  useKeys((key) => {
    const op = ({ a: 'accept', r: 'return', i: 'issues', c: 'comment' } as Partial<Record<string, Op>>)[key]
    if (!op || !event || !may) {
      return false
    }
    void act(op)
    return true
  })
  const done = () => {
    setDoing(undefined)
    reload()
  }
  return (
    <Loaded of={detail} lines={12}>{(e) => (
      <article class="event stack" aria-labelledby="event-title">
        <EventHead e={e} page={page}/>
        {may && <Actions e={e} act={act} onDo={setDoing}/>}
        <Standing e={e} campaign={campaign}/>
        {e.conflict_list.length > 0 && (
          <Card title={t('d.conflicts')} level={3}>
            {e.conflict_list.map((c) => <ConflictCard key={c.field} of={c} may={mayIn(e.state === 'accepted' ? 'review' : 'record', e.counts_for || e.unit, campaign)} onDone={reload}/>)}
          </Card>
        )}
        <Since e={e} items={history.data?.items ?? []}/>
        <Card title={t('d.facts')} level={3} actions={mayIn('record', e.counts_for || e.unit, campaign) && !e.deleted
          ? <Button kind="link" small onClick={() => setDoing('correct')}>{t('d.correct')}</Button> : undefined}>
          <Facts e={e} changed={changedFields(e, history.data?.items ?? [])}/>
        </Card>
        <Counts e={e} onAdjust={may && e.state !== 'accepted' ? (indicator, label) => setDoing({ indicator, label }) : undefined}/>
        <Photos e={e}/>
        <Lots e={e}/>
        <TableRows e={e} campaign={campaign}/>
        <People e={e}/>
        <Card title={t('d.history')} level={3}>
          {history.error && <LoadFault error={history.error} onRetry={history.reload}/>}
          <History base={`${base}/event/${id}/history`} first={history.data}/>
        </Card>
        {doing === 'correct' && <CorrectDialog e={e} onClose={() => setDoing(undefined)} onDone={done}/>}
        {doing === 'move' && <MoveDialog e={e} onClose={() => setDoing(undefined)} onDone={done}/>}
        {typeof doing === 'object' && <TallyDialog e={e} {...doing} onClose={() => setDoing(undefined)} onDone={done}/>}
      </article>
    )}</Loaded>
  )
}

function EventHead({ e, page }: { e: EventDetail; page: string | undefined }) {
  return (
    <header class="event-head">
      <div class="line-between">
        <h2 class="event-title" id="event-title" tabIndex={-1}>{e.title || word('kind', e.kind)}</h2>
        {page && <a class="small nowrap" href={page}>{t('page')}</a>}
      </div>
      <div class="row">
        <StateTag state={e.state}/>
        <Marks event={e} marks={(m) => t(`mark.${m}`)}/>
        <span class="muted">
          {e.unit_name}{e.counts_for && e.counts_for !== e.unit && ` · ${t('movedTo', { unit: unitName(e.counts_for) })}`}
          {' · '}{word('kind', e.kind)}{e.venue && ` · ${word('venue', e.venue)}`} · {dateTime(e.started_at)}
        </span>
      </div>
    </header>
  )
}

function Actions({ e, act, onDo }: { e: EventDetail; act: (op: Op) => Promise<void>; onDo: (what: Doing) => void }) {
  const more: MenuItem[] = [
    ...(possible(e, 'reopen') ? [{ label: t('reopen'), icon: IconUndo, onSelect: () => act('reopen') }] : []),
    ...(e.state !== 'accepted' ? [{ label: t('move'), onSelect: () => onDo('move') }] : []),
  ]
  const key = (k: string) => <kbd class="key" aria-hidden="true">{k}</kbd>
  return (
    <div class="row decisions" role="group" aria-label={t('d.review')}>
      {e.state === 'accepted'
        ? <Button icon={IconUndo} onClick={() => act('reopen')}>{t('reopen')}</Button>
        : (
          <>
            <Button kind="primary" icon={IconCheck} disabled={!possible(e, 'accept')} onClick={() => act('accept')}>{t('accept')}{key('a')}</Button>
            <Button disabled={!possible(e, 'return')} onClick={() => act('return')}>{t('return')}{key('r')}</Button>
            <Button disabled={!possible(e, 'issues')} onClick={() => act('issues')}>{t('issues')}{key('i')}</Button>
          </>
        )}
      <Button onClick={() => act('comment')}>{t('comment')}{key('c')}</Button>
      {more.length > 0 && e.state !== 'accepted' && <Menu label={t('d.more')} iconOnly items={more}/>}
    </div>
  )
}

/** Standing is where the event stands with the office, and what is in the way. */
function Standing({ e, campaign }: { e: EventDetail; campaign: string }) {
  const by = e.review.by && e.review.at ? t('d.by', { who: person(e.review.by), when: dateTime(e.review.at) }) : ''
  return (
    <>
      {e.deleted && <Notice kind="warning">{t('deletedNote')}</Notice>}
      {(e.state === 'returned' || e.state === 'issues') && <Notice kind="warning" title={word('state', e.state)}>{e.review.reason}{by && <div class="muted small">{by}</div>}</Notice>}
      {e.state === 'accepted' && by && <p class="muted small">{word('state', 'accepted')} · {by}</p>}
      {Boolean(e.conflicts) && e.state !== 'accepted' && <Notice kind="warning">{t('conflictFirst', { n: e.conflicts ?? 0 })}</Notice>}
      <HeldNotice e={e}/>
      <DuplicateNotice e={e}/>
      <SuspectNotice e={e} to={href(at(campaign, 'suspects'))}/>
      {e.review.comments.length > 0 && (
        <Card title={t('d.comments')} level={3}>
          <ul class="lines">{e.review.comments.map((c) => <li key={c.at}>{c.text} <span class="muted small">{t('d.by', { who: person(c.by), when: dateTime(c.at) })}</span></li>)}</ul>
        </Card>
      )}
    </>
  )
}

/** Since shows what changed after the office's last decision: that is what there is to review anew. */
function Since({ e, items }: { e: EventDetail; items: readonly HistoryItem[] }) {
  const since = sinceDecision(items)
  if (!since || e.state === 'accepted' || (since.changes.length === 0 && e.state !== 'edited')) {
    return null
  }
  const op = word('op', since.op)
  return (
    <Card title={<>{t('d.diff', { op })} <Tag tone="info">{since.changes.length}</Tag></>} level={3}>
      {since.changes.length > 0 ? <Changes of={since.changes}/> : <p class="muted">{t('d.diffNone', { op })}</p>}
    </Card>
  )
}

function changedFields(e: EventDetail, items: readonly HistoryItem[]): ReadonlySet<string> {
  return new Set(e.state === 'accepted' ? [] : sinceDecision(items)?.changes.map((c) => c.field))
}
