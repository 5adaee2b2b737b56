/** What was recorded of an event, and what it gives to the tables. */
import type { VNode } from 'preact'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/review'
import { t as tt } from '../../i18n/console/table'
import { number } from '../../i18n/format'
import { Button, Card, DataTable, DescriptionList, Tag } from '../../kit'
import { href } from '../../store/location'
import type { ContributionView, EventDetail, TallyView } from '../types'
import { at, captionOf, pick } from './parts'
import { fieldWord, person, show } from './show'

/** The order in which people look at an event. What is not named here comes last; what the head shows is left out. */
const order = ['place', 'started_at', 'ended_at', 'meeting_type', 'channel', 'form', 'outlet', 'programme', 'content', 'first_aired_at', 'repeat', 'minutes', 'pieces', 'url',
  'leaders', 'operators', 'experts', 'consumers', 'banners', 'led_slogans', 'boards', 'large', 'urgent', 'no_commercial', 'notes']
const inHead = new Set(['title', 'kind', 'venue', 'completed', 'deleted', 'join', 'lat', 'lng', 'accuracy'])

export function Facts({ e, changed }: { e: EventDetail; changed: ReadonlySet<string> }): VNode {
  const rank = (f: string) => (f.startsWith('staff.') ? 19.5 : (order.indexOf(f) + 100) % 100)
  const names = Object.keys(e.fields).filter((f) => !inHead.has(f) && e.fields[f] !== null)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  const facts = names.map((f) => ({
    label: fieldWord(f),
    value: <span class={changed.has(f) ? 'changed' : ''}>{show(f, e.fields[f])}{changed.has(f) && <> <Tag tone="info">{t('d.changed')}</Tag></>}</span>,
  }))
  const { lat, lng, accuracy } = e.fields
  if (typeof lat === 'number' && typeof lng === 'number') {
    facts.splice(1, 0, { label: `${fieldWord('lat')} / ${fieldWord('lng')}`, value: <span class="figure">{show('lat', lat)}, {show('lng', lng)}{typeof accuracy === 'number' && ` ±${accuracy} m`}</span> })
  }
  return <DescriptionList facts={facts}/>
}

export function Counts({ e, onAdjust }: { e: EventDetail; onAdjust: ((indicator: string, label: string) => void) | undefined }): VNode | null {
  if (e.tallies.length === 0) {
    return null
  }
  const label = (x: TallyView) => pick(x.label, x.label_en) || x.indicator
  return (
    <Card title={t('d.counts')} level={3} flush>
      <DataTable<TallyView> caption={captionOf(t('d.counts'))} rows={e.tallies} rowKey={(x) => x.indicator} columns={[
        { key: 'label', label: t('d.count'), cell: label },
        { key: 'sum', label: t('d.sum'), align: 'number', cell: (x) => <strong>{number(x.sum)}</strong> },
        { key: 'n', label: t('d.n'), align: 'number', cell: (x) => number(x.n) },
        ...(onAdjust ? [{ key: 'adjust', label: t('d.tally'), align: 'number' as const, cell: (x: TallyView) => (
          <Button kind="link" small onClick={() => onAdjust(x.indicator, label(x))} extra={{ 'aria-label': t('d.tallyTitle', { label: label(x) }) }}>{t('d.tally')}</Button>
        ) }] : []),
      ]}/>
    </Card>
  )
}

/** TableRows says which numbers of which table the event feeds. */
export function TableRows({ e, campaign }: { e: EventDetail; campaign: string }): VNode {
  return (
    <Card title={t('d.rows')} level={3} flush={e.rows.length > 0}>
      {e.rows.length === 0 ? <p>{t('d.rowsNone')} {!e.deleted && <span class="muted">{t('d.unplaced')}</span>}</p> : (
        <DataTable<ContributionView> caption={captionOf(t('d.rows'))} rows={e.rows} rowKey={(r) => `${r.template} ${r.row} ${r.unit} ${r.key ?? ''}`}
          columns={[
            { key: 'row', label: t('d.row'), cell: (r) => <a href={href(at(campaign, 'table/' + r.row), { template: r.template })}>{pick(r.label, r.label_en)}</a> },
            { key: 'unit', label: tt('parts.unit'), cell: (r) => r.unit_name },
            { key: 'value', label: t('d.value'), align: 'number', cell: (r) => (r.why ? <del>{r.text || number(r.value)}</del> : r.text || number(r.value)) },
            { key: 'state', label: tt('parts.state'), cell: (r) => r.why
              ? <Tag tone="off">{tt('excluded', { why: word('why', r.why) })}</Tag>
              : <Tag tone={r.accepted ? 'success' : 'waiting'}>{tt(r.accepted ? 'counted' : 'pending')}</Tag> },
          ]}/>
      )}
    </Card>
  )
}

export function People({ e }: { e: EventDetail }): VNode | null {
  if (e.people.length === 0) {
    return null
  }
  return (
    <Card title={t('d.people')} level={3}>
      <ul class="lines">
        {e.people.map((p) => <li key={p.officer + p.device}>{person(p)} <span class="muted small">{t('d.lines', { n: p.lines })}</span></li>)}
      </ul>
    </Card>
  )
}
