/** People: list, search, add. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/people'
import { roleWord } from '../../i18n/console/words'
import { relative } from '../../i18n/spans'
import {
  Button, type Column, DataTable, EmptyState, IconPeople, IconPlus, LoadFault, PageHeader, Pager, SearchBox, Select, Tag, Toolbar,
} from '../../kit'
import { place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { usePaged } from '../lists'
import { may } from '../me'
import type { OfficerRow, Role } from '../types'
import { loadUnits, unitOptions } from '../units'
import { PersonDialog } from './person_form'

export const roles: readonly Role[] = ['officer', 'head', 'reviewer', 'leader', 'admin', 'reader']

export function People(): VNode {
  useResource(loadUnits, [])
  const [adding, setAdding] = useState(false)
  const filter = (name: string) => place.value.query.get(name) ?? ''
  const ended = filter('ended') === 'true'
  const { page, rows, pager } = usePaged<OfficerRow>('/officers', {
    q: filter('q'), unit: filter('unit'), role: filter('role'), ended: ended ? 'true' : 'false',
  })
  const add = <Button kind="primary" icon={IconPlus} onClick={() => setAdding(true)}>{t('add')}</Button>
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={may('manage') && add}/>
      <Toolbar>
        <SearchBox label={t('find')} value={filter('q')} onSearch={(q) => setQuery({ q })}/>
        <Select label={t('unit')} value={filter('unit')} options={unitOptions()} empty={t('allUnits')} onInput={(unit) => setQuery({ unit })}/>
        <Select label={t('role')} value={filter('role')} options={roles.map((r) => ({ value: r, label: roleWord(r) }))} empty={t('allRoles')}
          onInput={(role) => setQuery({ role })}/>
        <Select label={t('status')} value={ended ? 'true' : 'false'} options={[{ value: 'false', label: t('present') }, { value: 'true', label: t('left') }]}
          onInput={(v) => setQuery({ ended: v === 'true' ? 'true' : undefined })}/>
      </Toolbar>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <DataTable caption={t('title')} columns={columns()} rows={rows} rowKey={(o) => o.id} rowHref={(o) => `#/people/${o.id}`} loading={page.loading}
        empty={<EmptyState icon={IconPeople} title={t('none')} text={t('noneText')}/>}/>
      <Pager {...pager}/>
      {adding && <PersonDialog unit={filter('unit')} onClose={() => setAdding(false)}/>}
    </>
  )
}

function columns(): Column<OfficerRow>[] {
  return [
    { key: 'name', label: t('name'), cell: (o) => o.name, main: true, nowrap: true },
    { key: 'unit', label: t('unit'), cell: (o) => o.unit_name, nowrap: true },
    { key: 'role', label: t('role'), cell: (o) => o.ended ? <Tag tone="off">{t('left')}</Tag> : roleWord(o.role), nowrap: true },
    { key: 'login', label: t('login'), cell: (o) => o.login ?? <span class="muted">{t('noLogin')}</span> },
    { key: 'devices', label: t('devices'), cell: (o) => o.devices, align: 'number' },
    { key: 'codes', label: t('codes'), cell: (o) => o.open_codes, align: 'number' },
    {
      key: 'seen', label: t('seen'), nowrap: true,
      cell: (o) => o.last_seen_at ? relative(o.last_seen_at, Date.now()) : <span class="muted">{t('never')}</span>,
    },
  ]
}
