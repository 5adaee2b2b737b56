/** All conflicts of a campaign. */
import type { VNode } from 'preact'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/waiting'
import { Button, EmptyState, IconSuccess, Loaded, Pager, Toolbar, useCursor } from '../../kit'
import { href, place } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import type { ConflictView } from '../types'
import { mayIn } from '../units'
import { ConflictCard } from './conflict-card'
import { at, Head, Item, type Paged, UnitFilter } from './parts'

export function Conflicts({ campaign }: { campaign: string }): VNode {
  const unit = place.value.query.get('unit') ?? ''
  const cursor = useCursor()
  const page = useResource((signal) => api.get<Paged<ConflictView>>(`/campaigns/${campaign}/conflicts`, { unit, cursor: cursor.cursor }, signal), [campaign, unit, cursor.cursor])
  return (
    <>
      <Head campaign={campaign} title={t('c.title')} note={t('c.note')}/>
      <Toolbar><UnitFilter value={unit}/></Toolbar>
      <Loaded of={page} lines={8}>{(p) => (
        <>
          {p.items.length === 0 && <EmptyState icon={IconSuccess} title={t('c.empty')} text={t('c.emptyText')}/>}
          {records(p.items).map((group) => <Record key={group[0]?.unit + (group[0]?.id ?? '')} campaign={campaign} of={group} reload={page.reload}/>)}
          {(p.next || cursor.cursor) && <Pager {...cursor.pager(p.next)} total={p.total} loading={page.loading}/>}
        </>
      )}</Loaded>
    </>
  )
}

/** records puts the conflicts of one record together: settling one moves the version of the others. */
function records(all: readonly ConflictView[]): ConflictView[][] {
  const groups = new Map<string, ConflictView[]>()
  for (const c of all) {
    const key = `${c.unit} ${c.kind} ${c.id}`
    groups.set(key, [...(groups.get(key) ?? []), c])
  }
  return [...groups.values()]
}

function Record({ campaign, of, reload }: { campaign: string; of: ConflictView[]; reload: () => void }) {
  const [c] = of
  if (!c) {
    return null
  }
  const to = c.kind === 'event' ? href(at(campaign, `review/${c.unit}/${c.id}`)) : c.kind === 'sheet' ? href(at(campaign, `sheets/${c.unit}`)) : ''
  return (
    <Item title={<>{c.title || word('record', c.kind)} <span class="muted small">{word('record', c.kind)} · {c.unit_name}</span></>}
      actions={to && <Button kind="link" small href={to}>{t(c.kind === 'sheet' ? 'c.openSheet' : 'c.open')}</Button>}>
      {of.map((one) => <ConflictCard key={one.field} of={one} may={mayIn('record', one.unit, campaign)} onDone={reload}/>)}
    </Item>
  )
}
