/** What belongs to an event beside its own fields: photos, goods, held lines, duplicates. */
import type { VNode } from 'preact'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/review'
import { bytes, dateTime, yuan } from '../../i18n/format'
import { Button, Card, DataTable, Notice, Tag } from '../../kit'
import { href } from '../../store/location'
import type { EventDetail, LotView, PhotoView } from '../types'
import { HeldLine } from './held-line'
import { at, captionOf, StateTag } from './parts'
import { quantity } from './show'

export function Photos({ e }: { e: EventDetail }): VNode {
  const missing = e.photo_list.filter((p) => !p.stored).length
  return (
    <Card title={t('d.photos')} level={3} flush={e.photo_list.length > 0} actions={missing > 0 ? <Tag tone="warning">{t('d.photoMissing', { n: missing })}</Tag> : undefined}>
      {e.photo_list.length === 0 ? <p class="muted">{t('d.photoNone')}</p> : (
        <DataTable<PhotoView> caption={captionOf(t('d.photos'))} rows={e.photo_list} rowKey={(p) => p.id} columns={[
          { key: 'caption', label: t('d.caption'), cell: (p) => p.caption || <span class="muted">{p.sha256.slice(0, 12)}</span> },
          { key: 'place', label: t('d.place'), cell: (p) => p.place },
          { key: 'taken', label: t('d.taken'), nowrap: true, cell: (p) => (p.taken_at ? dateTime(p.taken_at) : '') },
          { key: 'size', label: t('d.size'), align: 'number', cell: (p) => bytes(p.bytes) },
          { key: 'stored', label: t('d.stored'), cell: (p) => <Tag tone={p.stored ? 'success' : 'waiting'}>{t(p.stored ? 'd.photoIn' : 'd.photoOut')}</Tag> },
        ]}/>
      )}
    </Card>
  )
}

export function Lots({ e }: { e: EventDetail }): VNode | null {
  if (e.lots.length === 0) {
    return null
  }
  return (
    <Card title={t('d.lots')} level={3} flush>
      <DataTable<LotView> caption={captionOf(t('d.lots'))} rows={e.lots} rowKey={(l) => l.id} columns={[
        { key: 'name', label: t('d.lot'), cell: (l) => <>{l.name} <span class="muted small">{word('category', l.category)}</span></> },
        { key: 'received', label: t('d.received'), align: 'number', cell: (l) => quantity(l.received, l.unit) },
        { key: 'destroyed', label: t('d.destroyed'), align: 'number', cell: (l) => quantity(l.destroyed, l.unit) },
        { key: 'returned', label: t('d.returned'), align: 'number', cell: (l) => quantity(l.returned, l.unit) },
        { key: 'remaining', label: t('d.remaining'), align: 'number', cell: (l) => quantity(l.remaining, l.unit) },
        { key: 'value', label: t('d.valueYuan'), align: 'number', cell: (l) => yuan(l.value) },
        { key: 'findings', label: t('d.findings'), cell: (l) => l.findings.map((f) => <Tag key={f} tone="warning">{word('finding', f)}</Tag>) },
      ]}/>
    </Card>
  )
}

export function HeldNotice({ e }: { e: EventDetail }): VNode | null {
  if (e.held.length === 0) {
    return null
  }
  return (
    <Notice kind="warning" title={t('d.heldText', { n: e.held.length })} actions={<Button small href={href(at(e.campaign, 'held'), { unit: e.unit })}>{t('d.heldOpen')}</Button>}>
      {e.held.map((h) => <HeldLine key={`${h.log}.${h.seq}`} of={h}/>)}
    </Notice>
  )
}

export function DuplicateNotice({ e }: { e: EventDetail }): VNode | null {
  const d = e.duplicate
  if (!d) {
    return null
  }
  return (
    <Notice title={t('d.duplicate', { verdict: word('verdict', d.verdict) })}>
      <a href={href(at(e.campaign, `review/${d.unit}/${d.id}`))}>{t('d.duplicateOf', { title: d.title, unit: d.unit_name })}</a>
      {d.reason && <div>{d.reason}</div>}
    </Notice>
  )
}

export function SuspectNotice({ e, to }: { e: EventDetail; to: string }): VNode | null {
  const open = e.suspects.filter((s) => !s.verdict)
  if (open.length === 0) {
    return null
  }
  return (
    <Notice kind="warning" title={t('d.suspects')} actions={<Button small href={to}>{t('d.heldOpen')}</Button>}>
      <p>{t('d.suspectsText')}</p>
      <ul class="lines">
        {open.map((s) => {
          const other = s.first.id === e.id && s.first.unit === e.unit ? s.second : s.first
          return (
            <li key={other.unit + other.id}>
              <a href={href(at(e.campaign, `review/${other.unit}/${other.id}`))}>{other.title}</a> · {other.unit_name} · {dateTime(other.started_at)} <StateTag state={other.state}/>
            </li>
          )
        })}
      </ul>
    </Notice>
  )
}
