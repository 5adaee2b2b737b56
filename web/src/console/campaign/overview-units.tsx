/** Unit by unit: who is late, which phones owe what, and the reminder. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/work'
import { dateTime, listed, sentences } from '../../i18n/format'
import { relative } from '../../i18n/spans'
import { Button, Card, type Column, DataTable, Dialog, EmptyState, Field, Form, LoadFault, Pager, Tag, type Tone, Textarea, toast, useCursor } from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { may } from '../me'
import type { Deadline, SheetRow, UnitStatus } from '../types'
import { mayIn } from '../units'
import { at, captionOf, type Paged, useUnits } from './parts'

export interface UnitTableProps {
  campaign: string
  unit: string
  deadlines: readonly Deadline[]
  now: number
}

export function UnitTable({ campaign, unit, deadlines, now }: UnitTableProps): VNode {
  useUnits()
  const cursor = useCursor()
  const [asked, ask] = useState<UnitStatus | undefined>(undefined)
  const page = useResource((signal) => api.get<Paged<UnitStatus>>(`/campaigns/${campaign}/units`, { unit, cursor: cursor.cursor }, signal), [campaign, unit, cursor.cursor, now])
  const names = new Map(deadlines.map((d) => [d.handin.id, d.handin.item]))
  const columns = unitColumns(now, names)
  if (may('review')) {
    columns.push({
      key: 'remind', label: t('units.action'),
      cell: (u) => mayIn('review', u.unit, campaign) && (
        <>
          <Button small onClick={() => ask(u)} extra={{ 'aria-label': t('remind.title', { unit: u.unit_name }) }}>{t('units.remind')}</Button>
          {u.reminded_at > 0 && <div class="muted small">{t('units.reminded', { when: relative(u.reminded_at, now) })}</div>}
        </>
      ),
    })
  }
  return (
    <Card title={t('units.title')} flush>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <div class="by-unit">
        <DataTable<UnitStatus> caption={captionOf(t('units.title'))} columns={columns} rows={page.data?.items ?? []} rowKey={(u) => u.unit} loading={page.loading}
          rowHref={(u) => href(at(campaign, 'review'), { unit: u.unit, state: 'all' })} empty={<EmptyState title={t('units.empty')}/>}/>
      </div>
      {(page.data?.next || cursor.cursor) && <Pager {...cursor.pager(page.data?.next)} loading={page.loading} total={page.data?.total}/>}
      {asked && <Remind campaign={campaign} of={asked} items={asked.late.map((id) => names.get(id) ?? id)} onClose={() => ask(undefined)}
        onSent={() => {
          ask(undefined)
          page.reload()
        }}/>}
    </Card>
  )
}

/** owed is what a unit's phones declared and have not sent. */
function owed(u: UnitStatus): string {
  const parts = [u.owes_lines > 0 && t('units.owesLines', { n: u.owes_lines }), u.owes_photos > 0 && t('units.owesPhotos', { n: u.owes_photos })]
  return `${t('units.owes')} ${parts.filter(Boolean).join(' · ')}`
}

function unitColumns(now: number, names: Map<string, string>): Column<UnitStatus>[] {
  const count = (n: number, bad = false) => <span class={n === 0 ? 'muted' : bad ? 'bad' : ''}>{n}</span>
  return [
    { key: 'unit', label: t('unit'), cell: (u) => u.unit_name },
    { key: 'events', label: t('units.events'), align: 'number', cell: (u) => count(u.events) },
    { key: 'waiting', label: t('units.waiting'), align: 'number', cell: (u) => count(u.waiting, true) },
    { key: 'back', label: t('units.back'), align: 'number', cell: (u) => count(u.back) },
    { key: 'accepted', label: t('units.accepted'), align: 'number', cell: (u) => count(u.accepted) },
    { key: 'sheet', label: t('units.sheet'), nowrap: true, cell: (u) => <SheetTag sheet={u.sheet}/> },
    { key: 'phones', label: t('units.phones'), cell: (u) => <>{count(u.phones)}{u.owes_lines + u.owes_photos > 0 && <div class="bad small">{owed(u)}</div>}</> },
    { key: 'known', label: t('units.known'), cell: (u) => u.known_up_to > 0
      ? <span title={dateTime(u.known_up_to)}>{relative(u.known_up_to, now)}</span> : <span class="muted">{t('units.never')}</span> },
    { key: 'late', label: t('units.late'), cell: (u) => u.late.length > 0
      ? <span class="bad">{listed(u.late.map((id) => names.get(id) ?? id))}</span> : <span class="muted">{t('units.onTime')}</span> },
  ]
}

/** sheetStep is how far a sheet is, in one word. */
export function sheetStep(s: SheetRow): 'none' | 'filling' | 'completed' | 'approved' | 'accepted' | 'returned' {
  if (s.version === 0) {
    return 'none'
  }
  return s.state === 'returned' ? 'returned' : s.state === 'accepted' ? 'accepted' : s.approved ? 'approved' : s.completed ? 'completed' : 'filling'
}

const sheetTones: Record<ReturnType<typeof sheetStep>, Tone> = {
  none: 'off', filling: 'neutral', completed: 'waiting', approved: 'info', accepted: 'success', returned: 'returned',
}

/** SheetTag says how far a unit's sheet is. */
export function SheetTag({ sheet }: { sheet: SheetRow }): VNode {
  const step = sheetStep(sheet)
  return <Tag tone={sheetTones[step]}>{t(`sheets.${step}`)}</Tag>
}

interface RemindProps {
  campaign: string
  of: UnitStatus
  items: string[]
  onClose: () => void
  onSent: () => void
}

function Remind({ campaign, of, items, onClose, onSent }: RemindProps) {
  const [text, setText] = useState(() => sentences([
    items.length > 0 ? t('remind.draft', { items: listed(items) }) : '',
    of.back > 0 ? t('remind.review', { n: of.back }) : '',
    of.owes_lines + of.owes_photos > 0 ? t('remind.owes') : '',
  ]) || t('remind.plain'))
  const send = async () => {
    await api.post(`/campaigns/${campaign}/reminders`, { unit: of.unit, text })
    toast(t('remind.sent', { unit: of.unit_name }))
    onSent()
  }
  return (
    <Dialog open title={t('remind.title', { unit: of.unit_name })} onClose={onClose}>
      <Form submit={t('remind.send')} onCancel={onClose} onSubmit={send}>
        <Field label={t('remind.text')} name="text" hint={t('remind.hint')} required>
          <Textarea value={text} onInput={setText} maxLength={500}/>
        </Field>
      </Form>
    </Dialog>
  )
}
