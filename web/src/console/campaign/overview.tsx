/** The first page of a campaign: what waits, what is late, what phones owe. */
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../../i18n/console/work'
import { date, dateTime, dayText, number, time } from '../../i18n/format'
import { relative } from '../../i18n/spans'
import { Button, Card, Columns, Countdown, DataTable, DescriptionList, EmptyState, IconSync, IconTable, Loaded, Stack, Stat, Stats } from '../../kit'
import { href, place } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { campaignOf } from '../me'
import { loadOverview } from '../shell/waiting'
import type { Deadline, KeyFigure, Overview as View } from '../types'
import { UnitTable } from './overview-units'
import { at, captionOf, Head, pick, UnitFilter } from './parts'

export function Overview({ campaign }: { campaign: string }): VNode {
  const unit = place.value.query.get('unit') ?? ''
  const again = useRef(false) // the first time what the navigation asked for just now will do
  const view = useResource((signal) => unit === '' ? loadOverview(campaign, again.current) : api.get<View>(`/campaigns/${campaign}/overview`, { unit }, signal),
    [campaign, unit])
  useEffect(() => {
    again.current = true
  }, [])
  const of = campaignOf(campaign)
  return (
    <>
      <Head campaign={campaign} title={t('overview')}
        note={of && <>{dayText(of.first_day)} – {dayText(of.last_day)}{view.data && ' · ' + t('asOf', { when: time(view.data.now) })}</>}
        actions={<>
          <UnitFilter value={unit} bare/>
          <Button icon={IconSync} onClick={view.reload} busy={view.loading && view.data !== undefined}>{t('reload')}</Button>
          <Button kind="primary" icon={IconTable} href={href(at(campaign, 'table'), { unit })}>{t('figures.open')}</Button>
        </>}/>
      <Loaded of={view} lines={12}>{(o) => <Body o={o} campaign={campaign} unit={unit}/>}</Loaded>
    </>
  )
}

function Body({ o, campaign, unit }: { o: View; campaign: string; unit: string }) {
  return (
    <>
      <Now o={o} campaign={campaign} unit={unit}/>
      <Columns min={480}>
        <Deadlines o={o} campaign={campaign} unit={unit}/>
        <Figures o={o} campaign={campaign} unit={unit}/>
      </Columns>
      <Columns min={320}>
        <Days o={o}/>
        <Stack>
          <Sheets o={o} campaign={campaign} unit={unit}/>
          <Phones o={o} unit={unit}/>
        </Stack>
      </Columns>
      <UnitTable campaign={campaign} unit={unit} deadlines={o.deadlines} now={o.now}/>
    </>
  )
}

/** Now shows what waits for the office first; what is zero is left out, so that each figure means work. */
function Now({ o, campaign, unit }: { o: View; campaign: string; unit: string }) {
  const to = (page: string, query: Record<string, string> = {}) => href(at(campaign, page), { unit, ...query })
  const held = o.held.reduce((sum, c) => sum + c.lines, 0)
  const waiting = o.events.received + o.events.edited
  const back = o.events.returned + o.events.issues
  const all: (Parameters<typeof Stat>[0] & { value: number })[] = [
    { label: t('now.urgent'), value: o.urgent, unit: t('now.unitScene'), hint: t('now.urgentHint'), tone: 'error', href: to('review', { state: 'unaccepted', flag: 'urgent' }) },
    { label: t('now.review'), value: waiting, unit: t('now.unitScene'), hint: o.events.edited > 0 ? t('now.edited', { n: o.events.edited }) : undefined, tone: 'waiting',
      href: to('review') },
    { label: t('now.held'), value: held, unit: t('now.unitLine'), tone: 'warning', href: to('held') },
    { label: t('now.conflicts'), value: o.conflicts, unit: t('now.unitPlace'), tone: 'warning', href: to('conflicts') },
    { label: t('now.suspects'), value: o.suspects, unit: t('now.unitPair'), tone: 'warning', href: to('suspects') },
    { label: t('now.unplaced'), value: o.unplaced, unit: t('now.unitScene'), hint: t('now.unplacedHint'), href: to('review', { state: 'all', flag: 'unplaced' }) },
    { label: t('now.outside'), value: o.outside, unit: t('now.unitScene'), hint: t('now.outsideHint'), href: to('review', { state: 'all', flag: 'outside' }) },
    { label: t('now.back'), value: back, unit: t('now.unitScene'), hint: t('now.backHint'), href: to('review', { state: 'back' }) },
  ]
  const shown = all.filter((s) => s.value > 0)
  return (
    <section class="now" aria-label={t('now.title')}>
      {shown.length > 0 ? <Stats>{shown.map((s) => <Stat key={s.label} {...s}/>)}</Stats> : <Card>{t('now.none')}</Card>}
    </section>
  )
}

function Deadlines({ o, campaign, unit }: { o: View; campaign: string; unit: string }) {
  const list = href(at(campaign, 'handins'), { unit })
  const missing = (n: number) => (n > 0 ? <span class="bad">{t('due.units', { n })}</span> : <span class="muted">{t('due.all')}</span>)
  return (
    <Card title={t('due.title')} flush actions={<Button kind="link" small href={list}>{t('due.open')}</Button>}>
      <DataTable<Deadline> caption={captionOf(t('due.title'))} rows={o.deadlines} rowKey={(d) => d.handin.id} rowHref={() => list}
        empty={<EmptyState title={t('due.empty')} action={<Button href={'#' + at(campaign, 'settings')}>{t('due.set')}</Button>}/>}
        columns={[
          { key: 'item', label: t('due.item'), cell: (d) => d.handin.item },
          { key: 'at', label: t('due.at'), nowrap: true, cell: (d) => dateTime(d.handin.due) },
          { key: 'left', label: t('due.left'), nowrap: true, cell: (d) => <Countdown to={d.handin.due} past={t('due.over')}/> },
          { key: 'missing', label: t('due.missing'), nowrap: true, cell: (d) => missing(d.missing) },
          { key: 'paper', label: t('due.paper'), nowrap: true, cell: (d) => missing(d.paper) },
        ]}/>
    </Card>
  )
}

function Figures({ o, campaign, unit }: { o: View; campaign: string; unit: string }) {
  return (
    <Card title={t('figures.title')} flush actions={<span class="muted">{t('figures.note')}</span>}>
      <DataTable<KeyFigure> caption={captionOf(t('figures.title'))} rows={o.figures} rowKey={(f) => f.row}
        rowHref={(f) => href(at(campaign, 'table/' + f.row), { unit })} empty={<EmptyState title={t('figures.empty')}/>}
        columns={[
          { key: 'item', label: t('figures.item'), cell: (f) => pick(f.label, f.label_en) },
          { key: 'unit', label: t('figures.unit'), cell: (f) => pick(f.unit_label, f.unit_label_en) },
          { key: 'accepted', label: t('figures.accepted'), align: 'number', cell: (f) => <strong>{f.accepted.text || '—'}</strong> },
          { key: 'reported', label: t('figures.reported'), align: 'number', cell: (f) => <span class="muted">{f.reported.text || '—'}</span> },
        ]}/>
    </Card>
  )
}

/** Days is a list of bars: the number stands beside each, so the bar only helps the eye. */
function Days({ o }: { o: View }) {
  const most = Math.max(1, ...o.days.map((d) => d.events))
  return (
    <Card title={t('days.title')}>
      {o.days.length === 0 && <p class="muted">{t('days.empty')}</p>}
      <ul class="bars">
        {o.days.slice(-14).map((d) => (
          <li key={d.day} class="bar-line">
            <span class="bar-label figure">{d.day.slice(5)}</span>
            <span class="bar" aria-hidden="true"><span style={{ width: `${(100 * d.events) / most}%` }}/></span>
            <span class="bar-value figure">{t('days.of', { n: d.events })}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Sheets({ o, campaign, unit }: { o: View; campaign: string; unit: string }) {
  const states = ['accepted', 'approved', 'completed', 'filling', 'returned', 'none'] as const
  return (
    <Card title={t('sheets.title')} actions={<Button kind="link" small href={href(at(campaign, 'sheets'), { unit })}>{t('sheets.open')}</Button>}>
      <DescriptionList columns={3} facts={states.map((s) => ({
        label: t(`sheets.${s}`), value: <span class="figure">{number(o.sheets[s])} / {number(o.units)}</span>,
      }))}/>
    </Card>
  )
}

function Phones({ o, unit }: { o: View; unit: string }) {
  const p = o.phones
  return (
    <Card title={t('phones.title')} actions={<Button kind="link" small href={href('/devices', { unit, state: p.owing > 0 ? 'owing' : '' })}>{t('phones.open')}</Button>}>
      {p.phones === 0 ? <p class="muted">{t('phones.none')}</p> : (
        <ul class="lines">
          <li><strong>{t('phones.count', { n: p.phones })}</strong></li>
          {p.owing > 0
            ? <li class="bad">{t('phones.owing', { n: p.owing })} · {t('phones.owes', { lines: p.owes_lines, photos: p.owes_photos })}</li>
            : <li>{t('phones.clear')}</li>}
          {p.never > 0 && <li class="bad">{t('phones.never', { n: p.never })}</li>}
          {p.oldest_at > 0 && <li title={dateTime(p.oldest_at)}>{t('phones.known', { when: relative(p.oldest_at, o.now) })}</li>}
          {p.newest_at > 0 && <li title={date(p.newest_at)}>{t('phones.newest', { when: relative(p.newest_at, o.now) })}</li>}
          <li class="muted">{t('phones.note')}</li>
        </ul>
      )}
    </Card>
  )
}
