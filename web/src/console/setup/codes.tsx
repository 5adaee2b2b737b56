/** The codes that were given out, and what became of them. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/enrol'
import { t as words } from '../../i18n/console/words'
import { dateTime } from '../../i18n/format'
import {
  Button, type Column, confirm, DataTable, EmptyState, IconLock, LoadFault, Pager, Select, Tag, toast, Toolbar,
} from '../../kit'
import { place, setQuery } from '../../store/location'
import { api } from '../api'
import { usePaged } from '../lists'
import type { CodeRow } from '../types'
import { mayIn, unitOptions } from '../units'

const states = ['open', 'used', 'over'] as const

export function Codes(): VNode {
  const filter = (name: string) => place.value.query.get(name) ?? ''
  const { page, rows, pager } = usePaged<CodeRow>('/enrolments', { unit: filter('of'), state: filter('state') })
  const cancel = async (c: CodeRow) => {
    if (await confirm({ title: t('cancelTitle', { name: c.officer_name }), body: t('cancelBody'), action: t('cancel'), danger: true }) === undefined) {
      return
    }
    await api.post(`/enrolments/${c.id}/cancel`)
    toast(t('cancelled'))
    page.reload()
  }
  return (
    <div class="stack">
      <Toolbar>
        <Select label={t('unit')} value={filter('of')} options={unitOptions()} empty={t('allUnits')} onInput={(of) => setQuery({ of })}/>
        <Select label={t('state')} value={filter('state')} options={states.map((s) => ({ value: s, label: t(`state.${s}`) }))} empty={t('allStates')}
          onInput={(state) => setQuery({ state })}/>
      </Toolbar>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <DataTable caption={t('list')} columns={columns(cancel)} rows={rows} rowKey={(c) => c.id} loading={page.loading}
        empty={<EmptyState icon={IconLock} title={t(filter('state') || filter('of') ? 'noneMatch' : 'none')}/>}/>
      <Pager {...pager}/>
    </div>
  )
}

function State({ code: c }: { code: CodeRow }) {
  if (c.used_at) {
    return <Tag tone="success">{t('state.used')}</Tag>
  }
  if (c.cancelled_at) {
    return <Tag tone="off">{t('state.cancelled')}</Tag>
  }
  if (c.left) {
    return <Tag tone="off">{t('state.left')}</Tag>
  }
  return c.expires_at < Date.now() ? <Tag tone="off">{t('state.expired')}</Tag> : <Tag tone="waiting">{t('state.open')}</Tag>
}

const isOpen = (c: CodeRow) => !c.used_at && !c.cancelled_at && !c.left && c.expires_at > Date.now()

function columns(cancel: (c: CodeRow) => Promise<void>): Column<CodeRow>[] {
  return [
    { key: 'name', label: t('name'), cell: (c) => c.officer_name, main: true, nowrap: true },
    { key: 'unit', label: t('unit'), cell: (c) => c.unit_name },
    { key: 'state', label: t('state'), cell: (c) => <State code={c}/> },
    { key: 'made', label: t('made'), cell: (c) => dateTime(c.created_at), nowrap: true },
    { key: 'until', label: t('until'), cell: (c) => dateTime(c.expires_at), nowrap: true },
    { key: 'used', label: t('used'), cell: (c) => c.used_at ? dateTime(c.used_at) : '—', nowrap: true },
    {
      key: 'act', label: words('act'), align: 'number',
      cell: (c) => isOpen(c) && mayIn('enrol', c.unit) ? <Button small kind="link" onClick={() => cancel(c)}>{t('cancel')}</Button> : null,
    },
  ]
}
