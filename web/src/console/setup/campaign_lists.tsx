/** The lists of a campaign: what is handed in, the task sheet, the duty roster. They look alike, so they are one component. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/campaigns'
import { t as words } from '../../i18n/console/words'
import { dateTime, dayText, instant, weekday } from '../../i18n/format'
import { Button, Card, type Column, DataTable, Dialog, EmptyState, IconPlus, LoadFault, toast } from '../../kit'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { everything } from '../lists'
import type { Campaign, Duty, HandIn, Task } from '../types'
import { mayIn, unitName } from '../units'
import { EditForm, type Spec, type Values } from './fields'

interface Item {
  id: string
  version: number
}

interface ListProps<T extends Item> {
  campaign: Campaign
  /** Below the campaign's address. */
  path: string
  title: string
  add: string
  none: string
  columns: readonly Column<T>[]
  specs: readonly Spec[]
  /** What a new line begins with. */
  blank: (items: readonly T[]) => Values
  order: (a: T, b: T) => number
}

function ItemList<T extends Item>(props: ListProps<T>) {
  const base = `/campaigns/${props.campaign.id}/${props.path}`
  const load = (signal?: AbortSignal) => everything<T>((cursor) => api.get(base, { limit: 200, cursor }, signal))
  const list = useResource(load, [base])
  const [editing, setEditing] = useState<T | 'new'>()
  const manages = mayIn('manage', props.campaign.unit, props.campaign.id)
  const rows = [...(list.data ?? [])].sort(props.order)
  const add = manages && <Button small kind="primary" icon={IconPlus} onClick={() => setEditing('new')}>{props.add}</Button>
  const edit: Column<T> = {
    key: 'act', label: words('act'), align: 'number', cell: (row) => <Button small kind="link" onClick={() => setEditing(row)}>{words('edit')}</Button>,
  }
  return (
    <Card flush title={props.title} actions={rows.length > 0 && add}>
      {list.error && <LoadFault error={list.error} onRetry={list.reload}/>}
      <DataTable caption={words('listOf', { name: props.title })} columns={manages ? [...props.columns, edit] : props.columns} rows={rows} rowKey={(r) => r.id} loading={list.loading}
        empty={<EmptyState title={props.none} action={add}/>}/>
      {editing && (
        <ItemDialog<T> {...props} base={base} item={editing === 'new' ? undefined : editing} blank={props.blank(rows)}
          load={load} onClose={() => setEditing(undefined)} onSaved={list.reload}/>
      )}
    </Card>
  )
}

interface DialogProps<T extends Item> {
  base: string
  add: string
  specs: readonly Spec[]
  item: T | undefined
  blank: Values
  load: () => Promise<T[]>
  onClose: () => void
  onSaved: () => void
}

function ItemDialog<T extends Item>(props: DialogProps<T>) {
  const { item } = props
  const [version, setVersion] = useState(item?.version ?? 0)
  const save = async (changed: Values, all: Values) => {
    if (item) {
      await api.patch(`${props.base}/${item.id}`, { version, ...changed })
    } else {
      await api.post(props.base, all)
    }
    toast(t('saved'))
    props.onSaved()
    props.onClose()
  }
  const reload = async (): Promise<Values> => {
    const now = (await props.load()).find((r) => r.id === item?.id)
    setVersion(now?.version ?? 0)
    return { ...now }
  }
  return (
    <Dialog open title={item ? words('edit') : props.add} onClose={props.onClose}>
      <EditForm specs={props.specs} from={item ? { ...(item as Values & T) } : props.blank} onSave={save} onCancel={props.onClose} {...(item ? { reload } : {})}/>
    </Dialog>
  )
}

export function HandIns({ campaign }: { campaign: Campaign }): VNode {
  return (
    <ItemList<HandIn> campaign={campaign} path="handins" title={t('lists')} add={t('addItem')} none={t('itemNone')} order={(a, b) => a.due - b.due}
      blank={() => ({ item: '', due: instant(`${campaign.last_day}T17:00`, campaign.zone), recipient: unitName(campaign.unit), copy_to: '' })}
      columns={[
        { key: 'item', label: t('item'), cell: (h) => h.item, main: true },
        { key: 'due', label: t('due'), cell: (h) => `${dateTime(h.due, { zone: campaign.zone })} ${weekday(h.due, campaign.zone)}`, nowrap: true },
        { key: 'to', label: t('recipient'), cell: (h) => h.recipient || '—' },
        { key: 'copy', label: t('copyTo'), cell: (h) => h.copy_to || '—' },
      ]}
      specs={[
        { name: 'item', label: t('item'), kind: 'text', required: true, hint: t('itemHint'), wide: true },
        { name: 'due', label: t('due'), kind: 'instant', required: true, wide: true },
        { name: 'recipient', label: t('recipient'), kind: 'text' },
        { name: 'copy_to', label: t('copyTo'), kind: 'text' },
      ]}/>
  )
}

export function Tasks({ campaign }: { campaign: Campaign }): VNode {
  return (
    <ItemList<Task> campaign={campaign} path="tasks" title={t('tasks')} add={t('addTask')} none={t('taskNone')} order={(a, b) => a.number - b.number}
      blank={(rows) => ({ number: Math.max(0, ...rows.map((r) => r.number)) + 1, work: '', unit: '', partners: '', person: '', leader: '' })}
      columns={[
        { key: 'n', label: t('number'), cell: (r) => r.number, align: 'number', width: '4em' },
        { key: 'work', label: t('work'), cell: (r) => r.work, main: true },
        { key: 'unit', label: t('taskUnit'), cell: (r) => unitName(r.unit) || '—' },
        { key: 'partners', label: t('partners'), cell: (r) => r.partners || '—' },
        { key: 'person', label: t('person'), cell: (r) => r.person || '—', nowrap: true },
        { key: 'leader', label: t('leader'), cell: (r) => r.leader || '—', nowrap: true },
      ]}
      specs={[
        { name: 'number', label: t('number'), kind: 'number', required: true, min: 1, max: 999 },
        { name: 'work', label: t('work'), kind: 'area', required: true },
        { name: 'unit', label: t('taskUnit'), kind: 'unit', empty: '—' },
        { name: 'partners', label: t('partners'), kind: 'text' },
        { name: 'person', label: t('person'), kind: 'text' },
        { name: 'leader', label: t('leader'), kind: 'text' },
      ]}/>
  )
}

export function Roster({ campaign }: { campaign: Campaign }): VNode {
  return (
    <ItemList<Duty> campaign={campaign} path="roster" title={t('roster')} add={t('addDuty')} none={t('dutyNone')}
      order={(a, b) => a.day.localeCompare(b.day) || a.name.localeCompare(b.name)}
      blank={() => ({ day: `${campaign.year}-03-15`, name: '', post: '', phone: '', mobile: '' })}
      columns={[
        { key: 'day', label: t('day'), cell: (r) => dayText(r.day), nowrap: true },
        { key: 'name', label: t('name'), cell: (r) => r.name, main: true, nowrap: true },
        { key: 'post', label: t('post'), cell: (r) => r.post || '—' },
        { key: 'phone', label: t('phone'), cell: (r) => r.phone || '—', nowrap: true },
        { key: 'mobile', label: t('mobile'), cell: (r) => r.mobile || '—', nowrap: true },
      ]}
      specs={[
        { name: 'day', label: t('day'), kind: 'day', required: true },
        { name: 'name', label: t('name'), kind: 'text', required: true },
        { name: 'post', label: t('post'), kind: 'text', wide: true },
        { name: 'phone', label: t('phone'), kind: 'text' },
        { name: 'mobile', label: t('mobile'), kind: 'text' },
      ]}/>
  )
}
