/** How far the units' sheets are. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/sheets'
import { DataTable, EmptyState, LoadFault, Pager, Tag, Toolbar, useCursor } from '../../kit'
import { href, place } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import type { SheetRow } from '../types'
import { SheetTag } from './overview-units'
import { at, Head, type Paged, UnitFilter } from './parts'

export function Sheets({ campaign }: { campaign: string }): VNode {
  const unit = place.value.query.get('unit') ?? ''
  const cursor = useCursor()
  const page = useResource((signal) => api.get<Paged<SheetRow>>(`/campaigns/${campaign}/sheets`, { unit, cursor: cursor.cursor }, signal), [campaign, unit, cursor.cursor])
  return (
    <>
      <Head campaign={campaign} title={t('title')} note={t('note')}/>
      <Toolbar><UnitFilter value={unit}/></Toolbar>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <DataTable<SheetRow> caption={t('title')} rows={page.data?.items ?? []} rowKey={(s) => s.unit} loading={page.loading}
        rowHref={(s) => href(at(campaign, 'sheets/' + s.unit))} empty={<EmptyState title={t('empty')}/>}
        columns={[
          { key: 'unit', label: t('col'), cell: (s) => s.unit_name },
          { key: 'step', label: t('col.step'), cell: (s) => <Steps of={s}/> },
          { key: 'state', label: t('review'), nowrap: true, cell: (s) => <SheetTag sheet={s}/> },
          { key: 'filled', label: t('col.filled'), cell: (s) => s.filled_by },
          { key: 'phone', label: t('col.phone'), cell: (s) => <span class="figure">{s.phone}</span> },
          { key: 'flags', label: t('col.flags'), cell: (s) => (
            <>{s.late && <Tag tone="error">{t('late')}</Tag>} {s.changed_since_signed && <Tag tone="warning">{t('changed')}</Tag>} {Boolean(s.conflicts) && <Tag tone="warning">{t('conflict')}</Tag>} {s.state === 'returned' && s.reason}</>
          ) },
        ]}/>
      {page.data && page.data.items.length > 0 && <Pager {...cursor.pager(page.data.next)} total={page.data.total} loading={page.loading}/>}
    </>
  )
}

/** Steps is the way of a sheet through its three hands. */
export function Steps({ of }: { of: SheetRow }): VNode {
  const steps: [string, boolean][] = [[t('s.completed'), of.completed], [t('s.approved'), of.approved], [t('s.accepted'), of.state === 'accepted']]
  return (
    <ol class="stages">
      {steps.map(([label, done]) => (
        <li key={label} class={done ? 'stage stage-done' : 'stage'}>
          <span class="stage-mark" aria-hidden="true">{done ? '✓' : ''}</span>{label}<span class="unseen"> {t(done ? 's.done' : 's.not')}</span>
        </li>
      ))}
    </ol>
  )
}
