/** What the review shows: everything chosen stands in the address, so it can be passed on and gone back to. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { codes, word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/review'
import { instant } from '../../i18n/format'
import { number } from '../../i18n/format'
import { Button, DateInput, Field, SearchBox, Select, Tag, Toolbar } from '../../kit'
import { place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api, type Query } from '../api'
import { overview } from '../shell/waiting'
import type { Overview, StateCounts } from '../types'
import { UnitFilter } from './parts'

const flags = ['urgent', 'late', 'conflict', 'unplaced', 'outside', 'completed', 'deleted'] as const
const names = ['kind', 'venue', 'flag', 'from', 'to', 'order'] as const

/** listQuery is what the address asks of the list. The first state is what waits for the office. */
export function listQuery(q: URLSearchParams): Query & { unit?: string; state?: string } {
  const state = q.get('state') ?? 'waiting'
  const day = (name: string, add: number) => {
    const ms = instant(q.get(name) + 'T00:00')
    return ms === undefined ? undefined : ms + add
  }
  return {
    unit: q.get('unit') ?? '', state: state === 'all' ? '' : state, q: q.get('q') ?? '', kind: q.get('kind') ?? '', venue: q.get('venue') ?? '',
    flag: q.get('flag') ?? '', row: q.get('row') ?? '', order: q.get('order') ?? '',
    from: q.get('from') ? day('from', 0) : undefined, to: q.get('to') ? day('to', 86_400_000) : undefined,
  }
}

export function Filters(_: { campaign: string }): VNode {
  const q = place.value.query
  const used = names.some((n) => q.get(n))
  const [more, setMore] = useState(used)
  const set = (name: string) => (value: string) => setQuery({ [name]: value, sel: undefined })
  const choice = (name: string, area: string) => (
    <Field label={t(`filter.${name}` as 'filter.kind')}>
      <Select value={q.get(name) ?? ''} empty={t('filter.any')} onInput={set(name)} options={codes(area).map((c) => ({ value: c, label: word(area, c) }))}/>
    </Field>
  )
  const row = q.get('row')
  return (
    <Toolbar>
      <SearchBox value={q.get('q') ?? ''} onSearch={set('q')} placeholder={t('search')}/>
      <UnitFilter value={q.get('unit') ?? ''} onChange={set('unit')}/>
      <Field label={t('filter.flag')}>
        <Select value={q.get('flag') ?? ''} empty={t('filter.any')} options={flags.map((f) => ({ value: f as string, label: t(`flag.${f}`) }))}
          onInput={(flag) => setQuery({ flag, sel: undefined, ...(flag === 'deleted' ? { state: 'all' } : {}) })}/>
      </Field>
      {more && (
        <>
          {choice('kind', 'kind')}
          {choice('venue', 'venue')}
          <Field label={t('filter.from')}><DateInput value={q.get('from') ?? ''} onInput={set('from')}/></Field>
          <Field label={t('filter.to')}><DateInput value={q.get('to') ?? ''} onInput={set('to')}/></Field>
          <Field label={t('filter.order')}>
            <Select value={q.get('order') ?? 'new'} onInput={set('order')} options={[{ value: 'new', label: t('order.new') }, { value: 'old', label: t('order.old') }]}/>
          </Field>
        </>
      )}
      <Button kind="link" onClick={() => setMore(!more)} extra={{ 'aria-expanded': more }}>{t(more ? 'filter.less' : 'filter.more')}</Button>
      {(used || q.get('q') || row) && (
        <Button kind="link" onClick={() => setQuery({ q: undefined, row: undefined, sel: undefined, ...Object.fromEntries(names.map((n) => [n, undefined])) })}>{t('filter.clear')}</Button>
      )}
      {row && <Tag tone="info" onRemove={() => setQuery({ row: undefined })}>{t('filter.row', { row: row.split('/').pop() ?? row })}</Tag>}
    </Toolbar>
  )
}

/** The first is the queue: what was edited after a decision stands in it, and in a tab of its own. */
const usual = ['waiting', 'edited', 'issues', 'returned', 'accepted', 'all'] as const

/** What other pages lead to has a tab while it is shown: what the units have to correct, and all that nobody accepted. */
const sums = ['back', 'unaccepted'] as const
type State = typeof usual[number] | typeof sums[number]

function counted(e: StateCounts, s: State): number | undefined {
  switch (s) {
    case 'all': return undefined
    case 'waiting': return e.received + e.edited
    case 'back': return e.returned + e.issues
    case 'unaccepted': return e.received + e.edited + e.returned + e.issues
    default: return e[s]
  }
}

/** StateTabs choose the state. They are links in a list: what is below is one page, not several panels. */
export function StateTabs({ campaign, unit, value }: { campaign: string; unit: string; value: string }): VNode {
  const all = overview.value // loaded anew after each decision
  const own = useResource(async (signal) => (unit ? api.get<Overview>(`/campaigns/${campaign}/overview`, { unit }, signal) : undefined), [campaign, unit, unit && all])
  const events = (unit ? own.data : all)?.events
  const states: readonly State[] = [...sums.filter((s) => s === value), ...usual]
  return (
    <div class="segments" role="group" aria-label={t('title')}>
      {states.map((s) => {
        const n = events && counted(events, s)
        return (
          <button key={s} type="button" class="segment" aria-pressed={s === value ? 'true' : 'false'} onClick={() => setQuery({ state: s, sel: undefined })}>
            {s === 'all' ? t('all') : word('state', s)}
            {n !== undefined && <span class="segment-count figure">{number(n)}</span>}
          </button>
        )
      })}
    </div>
  )
}
