/** What belongs to an event beside its own fields: photos, goods, held lines, duplicates. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { word } from '../../i18n/console/codes'
import { t as tp } from '../../i18n/console/photos'
import { t } from '../../i18n/console/review'
import { dateTime, yuan } from '../../i18n/format'
import { Button, Card, DataTable, IconDownload, IconPrint, Notice, Tag } from '../../kit'
import { href } from '../../store/location'
import type { EventDetail, LotView } from '../types'
import { HeldLine } from './held-line'
import { at, captionOf, StateTag } from './parts'
import { Tiles } from './photo-parts'
import { Album } from './photos'
import { quantity } from './show'

export function Photos({ e }: { e: EventDetail }): VNode {
  const [album, setAlbum] = useState(false)
  const missing = e.photo_list.filter((p) => p.state === 'announced' || p.state === 'partial').length
  const refused = e.photo_list.filter((p) => p.state === 'refused').length
  return (
    <Card title={tp('title')} level={3} actions={e.photo_list.length > 0 && (
      <>
        {missing > 0 && <Tag tone="warning">{tp('missing', { n: missing })}</Tag>}
        {refused > 0 && <Tag tone="error">{tp('refused', { n: refused })}</Tag>}
        <Button small icon={IconDownload} onClick={() => setAlbum(true)}>{tp('album')}</Button>
        <Button small icon={IconPrint} href={href(at(e.campaign, 'photos/print'), { event: e.id, event_unit: e.unit })}>{tp('print')}</Button>
      </>
    )}>
      {e.photo_list.length === 0 ? <p class="muted">{tp('none')}</p> : <Tiles photos={e.photo_list} label={tp('list')}/>}
      {album && <Album campaign={e.campaign} event={e} onClose={() => setAlbum(false)}/>}
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
