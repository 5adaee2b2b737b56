/** One number of the table, opened: its rule, what gives to it, what does not and why, down to single entries. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { plain, word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/table'
import { date, dateTime, number } from '../../i18n/format'
import { Button, Card, EmptyState, Loaded, Pager, Stat, Stats, Tag, useCursor } from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import type { Entry, Page, RowPage, RowPart, RowView } from '../types'
import { at, Head, labelled, pick, StateTag } from './parts'
import { asked } from './table'
import { person, show } from './show'

export interface CellProps {
  campaign: string
  row: string
  query: { unit: string; template: string; date: string }
  /** Offers the page of its own. */
  link?: boolean
}

/** CellPage is a cell as a page, for an address that can be passed on. */
export function CellPage({ campaign, row }: { campaign: string; row: string }): VNode {
  const [title, setTitle] = useState('')
  const query = asked()
  return (
    <>
      <Head key={title} campaign={campaign} title={title || t('parts')} path={[{ label: t('title'), href: href(at(campaign, 'table'), query) }]}/>
      <Card><CellView campaign={campaign} row={row} query={query} onRow={(r) => setTitle(pick(r.full_label, r.full_label_en))}/></Card>
    </>
  )
}

export function CellView({ campaign, row, query, link, onRow }: CellProps & { onRow?: (row: RowView) => void }): VNode {
  const cursor = useCursor()
  const { unit, template } = query
  const base = `/campaigns/${campaign}/table/rows/${row}`
  const page = useResource(async (signal) => {
    const loaded = await api.get<RowPage>(base, { unit, template, cursor: cursor.cursor }, signal)
    onRow?.(loaded.row)
    return loaded
  }, [base, unit, template, cursor.cursor])
  return (
    <Loaded of={page} lines={8}>{(p) => (
      <div class="stack">
        <Stats>
          <Stat label={t('acceptedIs')} value={p.accepted.text || undefined} unit={pick(p.row.unit_label, p.row.unit_label_en)} tone="success"/>
          <Stat label={t('reportedIs')} value={p.reported.text || undefined} unit={pick(p.row.unit_label, p.row.unit_label_en)}/>
        </Stats>
        <section>
          <h2 class="minor">{t('rule')}</h2>
          <p>{pick(p.row.rule, p.row.rule_en)}</p>
        </section>
        <section>
          <div class="line-between">
            <h2 class="minor">{t('parts')}</h2>
            {link && <Button kind="link" small href={href(at(campaign, 'table/' + row), query)}>{t('openPage')}</Button>}
          </div>
          {p.items.length === 0 && <EmptyState title={t('parts.empty')}/>}
          <ul class="parts">
            {p.items.map((part) => <Part key={`${part.kind} ${part.unit} ${part.event?.unit} ${part.event?.id} ${part.key}`} part={part} row={p.row} campaign={campaign} base={base} query={query}/>)}
          </ul>
          {(p.next || cursor.cursor) && <Pager {...cursor.pager(p.next)} loading={page.loading} total={p.total}/>}
        </section>
      </div>
    )}</Loaded>
  )
}

interface PartProps {
  part: RowPart
  row: RowView
  campaign: string
  base: string
  query: { unit: string; template: string }
}

/** amount is a contribution in the row's unit; airtime is in minutes, and rounded to hours only in the sum. */
export function amount(c: { value: number; text?: string; key?: string }, hours: boolean): string {
  if (c.text) {
    return c.text
  }
  return hours ? t('minutes', { n: c.value }) : number(c.value)
}

function Part({ part, row, campaign, base, query }: PartProps) {
  const [open, setOpen] = useState(false)
  const e = part.event
  const title = e ? e.title || word('kind', e.kind) : t('sheet')
  const to = e ? href(at(campaign, `review/${e.unit}/${e.id}`)) : href(at(campaign, 'sheets/' + part.unit))
  return (
    <li class={part.why ? 'part part-out' : 'part'}>
      <div class="part-line">
        <div class="part-text">
          <a href={to}>{title}</a>
          <div class="muted small">
            {part.unit_name}{e && ` · ${date(e.started_at)}`}{e?.place && ` · ${e.place}`}
            {part.key && <> · {t('different', { key: part.key })}</>}
          </div>
        </div>
        <Button kind="link" small onClick={() => setOpen(!open)} extra={{ 'aria-expanded': open }}>
          {open ? t('entries.hide') : part.n > 0 ? `${t('entries')} · ${t('entriesN', { n: part.n })}` : t('entries')}<span class="unseen"> {title}</span>
        </Button>
        <div class="part-value">
          <span class={part.text ? '' : 'part-figure'}>{part.why ? <del>{amount(part, row.hours)}</del> : amount(part, row.hours)}</span>
          {part.why ? <Tag tone="off">{t('excluded', { why: word('why', part.why) })}</Tag> : e ? <StateTag state={e.state}/>
            : <Tag tone={part.accepted ? 'success' : 'waiting'}>{t(part.accepted ? 'counted' : 'pending')}</Tag>}
        </div>
      </div>
      {open && <Entries base={base} query={query} part={part}/>}
    </li>
  )
}

/** Said is what an entry says: of a count what it adds, else each field by its name. */
function Said({ of }: { of: Entry }) {
  if (of.op === 'tally.add') {
    return <>{of.values.map((v) => (Number(v.value) > 0 ? '+' : '') + number(Number(v.value)))}</>
  }
  return <>{of.values.map((v) => <div key={v.field}>{labelled(v)} {show(v.field, v.value) || plain('empty')}</div>)}</>
}

function Entries({ base, query, part }: { base: string; query: { unit: string; template: string }; part: RowPart }) {
  const record = { record_unit: part.event?.unit ?? part.unit, kind: part.kind, id: part.event?.id ?? part.unit }
  const cursor = useCursor()
  const list = useResource((signal) => api.get<Page<Entry>>(base + '/entries', { unit: query.unit, template: query.template, ...record, cursor: cursor.cursor }, signal), [base, record.id, record.record_unit, cursor.cursor])
  return (
    <Loaded of={list} lines={2}>{({ items: entries, next }) => entries.length === 0 ? <p class="muted small">{t('entries.empty')}</p> : (<>
      <table class="entries">
        <thead>
          <tr><th scope="col">{t('entries.value')}</th><th scope="col">{t('entries.by')}</th><th scope="col">{t('entries.at')}</th><th scope="col">{t('entries.received')}</th></tr>
        </thead>
        <tbody>
          {entries.map((x) => (
            <tr key={`${x.log}.${x.seq}`}>
              <td class="figure"><strong><Said of={x}/></strong>{x.note && <div class="muted">{x.note}</div>}</td>
              <td>{person(x.by)}</td>
              <td class="figure">{dateTime(x.effective_at, { exact: true })}
                {Math.abs(x.claimed_at - x.effective_at) >= 1000 && <div class="muted">{t('entries.offset', { when: dateTime(x.claimed_at, { exact: true }) })}</div>}
              </td>
              <td class="figure">{dateTime(x.received_at, { exact: true })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {(next || cursor.cursor) && <Pager {...cursor.pager(next)} loading={list.loading}/>}
    </>)}</Loaded>
  )
}
