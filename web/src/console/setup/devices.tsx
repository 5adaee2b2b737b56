/** Phones: who has them, when they were heard of, what they still owe. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/devices'
import { relative } from '../../i18n/spans'
import {
  Button, type Column, DataTable, EmptyState, IconDevice, LoadFault, PageHeader, Pager, SearchBox, Select, Tag, Toolbar,
} from '../../kit'
import { place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { usePaged } from '../lists'
import { may } from '../me'
import type { DeviceRow } from '../types'
import { loadUnits, unitOptions } from '../units'
import { Device } from './device'
import { clockIsOff, clockWord, owed, owes, States } from './device_words'

const states = ['owing', 'silent', 'revoked', 'forked'] as const

export function Devices(): VNode {
  useResource(loadUnits, [])
  const filter = (name: string) => place.value.query.get(name) ?? ''
  const { page, rows, pager } = usePaged<DeviceRow>('/devices', { unit: filter('unit'), q: filter('q'), state: filter('state') })
  const open = filter('device')
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={may('enrol') && <Button href="#/enrol">{t('toEnrol')}</Button>}/>
      <Toolbar>
        <SearchBox label={t('find')} value={filter('q')} onSearch={(q) => setQuery({ q })}/>
        <Select label={t('unit')} value={filter('unit')} options={unitOptions()} empty={t('allUnits')} onInput={(unit) => setQuery({ unit })}/>
        <Select label={t('state')} value={filter('state')} options={states.map((s) => ({ value: s, label: t(s) }))} empty={t('all')}
          onInput={(state) => setQuery({ state })}/>
      </Toolbar>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <DataTable caption={t('title')} columns={columns()} rows={rows} rowKey={(d) => d.id} current={open} loading={page.loading}
        onOpen={(d) => setQuery({ device: d.id })}
        empty={<EmptyState icon={IconDevice} title={t('none')} text={t('noneText')}/>}/>
      <Pager {...pager}/>
      {open && <Device id={open} onClose={() => setQuery({ device: undefined })} onChanged={page.reload}/>}
    </>
  )
}

function columns(): Column<DeviceRow>[] {
  return [
    { key: 'phone', label: t('phone'), cell: (d) => d.name || t('unnamed'), main: true },
    { key: 'person', label: t('person'), cell: (d) => <>{d.officer_name}<span class="under">{d.unit_name}</span></>, nowrap: true },
    { key: 'state', label: t('state'), cell: (d) => <States device={d}/> },
    { key: 'heard', label: t('heard'), nowrap: true, cell: (d) => d.last_heard_at ? relative(d.last_heard_at, Date.now()) : '—' },
    { key: 'owes', label: t('owes'), nowrap: true, cell: (d) => owes(d) ? owed(d) : <span class="muted">{t('owesNone')}</span> },
    {
      key: 'clock', label: t('clock'), nowrap: true,
      cell: (d) => clockIsOff(d) ? <Tag tone="warning">{clockWord(d)}</Tag> : <span class="muted">{clockWord(d)}</span>,
    },
    { key: 'held', label: t('held'), cell: (d) => d.held, align: 'number' },
  ]
}
