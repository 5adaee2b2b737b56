/** The tree of units: look, add, rename, move. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/units'
import {
  Button, Card, Cell, CellList, DescriptionList, Dialog, EmptyState, IconEdit, IconPlus, IconUnit, Loaded, PageHeader, SearchBox, Split,
  toast, Tree,
} from '../../kit'
import { href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { mayEverywhere } from '../me'
import type { UnitRow } from '../types'
import { loadUnits, mayIn, reloadUnits, unitName, unitOf, unitPath, units, unitTree, within } from '../units'
import { EditForm, type Spec, type Values } from './fields'

/** What the form is open for: a new unit below one ('' at the top), or a change. */
type Editing = { parent: string } | { unit: UnitRow } | undefined

export function Units(): VNode {
  const loading = useResource(loadUnits, [])
  const [editing, setEditing] = useState<Editing>()
  const [q, setQ] = useState('')
  const chosen = unitOf(place.value.query.get('unit') ?? '') ?? units.value[0]
  return (
    <>
      <PageHeader title={t('title')} note={t('note')}
        actions={mayEverywhere('manage') && <Button icon={IconPlus} onClick={() => setEditing({ parent: '' })}>{t('addRoot')}</Button>}/>
      <Loaded of={loading} lines={8}>{() => (
        <Split
          list={
            <Card flush>
              <div class="card-tools"><SearchBox label={t('find')} value={q} onSearch={setQ}/></div>
              {q
                ? <Found q={q}/>
                : <Tree label={t('tree')} nodes={unitTree((u) => u.officers > 0 ? t('people_n', { n: u.officers }) : undefined)} selected={chosen?.id}
                  onSelect={(unit) => setQuery({ unit })}/>}
            </Card>
          }
          detail={chosen
            ? <Detail unit={chosen} onEdit={() => setEditing({ unit: chosen })} onAdd={() => setEditing({ parent: chosen.id })}/>
            : <Card><EmptyState icon={IconUnit} title={t('choose')}/></Card>}/>
      )}</Loaded>
      {editing && <UnitDialog editing={editing} onClose={() => setEditing(undefined)}/>}
    </>
  )
}

function Found({ q }: { q: string }) {
  const word = q.toLowerCase()
  const found = units.value.filter((u) => u.name.toLowerCase().includes(word) || u.code.toLowerCase().startsWith(word)).slice(0, 50)
  if (found.length === 0) {
    return <EmptyState title={t('noneFound')}/>
  }
  return (
    <CellList label={t('found')}>
      {found.map((u) => <Cell key={u.id} title={u.name} note={unitPath(u.parent).map((p) => p.name).join(' / ')} value={u.code}
        href={href('/units', { unit: u.id })}/>)}
    </CellList>
  )
}

function Detail({ unit, onEdit, onAdd }: { unit: UnitRow; onEdit: () => void; onAdd: () => void }) {
  const manages = mayIn('manage', unit.id)
  return (
    <Card title={unit.name} actions={manages && (
      <>
        <Button small icon={IconEdit} onClick={onEdit}>{t('edit')}</Button>
        <Button small kind="primary" icon={IconPlus} onClick={onAdd}>{t('add')}</Button>
      </>
    )}>
      <div class="stack">
        <DescriptionList facts={[
          { label: t('code'), value: unit.code },
          { label: t('parent'), value: unitPath(unit.parent).map((p) => p.name).join(' / ') || unit.parent_name || t('top') },
          { label: t('children'), value: unit.children },
          { label: t('officers'), value: t('people_n', { n: unit.officers }) },
        ]}/>
        <div class="row">
          <Button small href={href('/people', { unit: unit.id })}>{t('people')}</Button>
          <Button small href={href('/devices', { unit: unit.id })}>{t('devices')}</Button>
          {mayIn('enrol', unit.id) && <Button small href={href('/enrol', { unit: unit.id })}>{t('enrol')}</Button>}
        </div>
      </div>
    </Card>
  )
}

function UnitDialog({ editing, onClose }: { editing: Exclude<Editing, undefined>; onClose: () => void }) {
  const old = 'unit' in editing ? editing.unit : undefined
  const parent = 'parent' in editing ? editing.parent : ''
  const save = async (changed: Values, all: Values) => {
    const saved = old
      ? await api.patch<UnitRow>(`/units/${old.id}`, { version: unitOf(old.id)?.version ?? old.version, ...changed })
      : await api.post<UnitRow>('/units', all)
    await reloadUnits()
    toast(old ? t('changed') : t('added', { name: saved.name }))
    onClose()
    setQuery({ unit: saved.id })
  }
  const reload = async () => {
    await reloadUnits()
    return { ...(old && unitOf(old.id)) }
  }
  const title = old ? t('edit.title', { name: old.name }) : parent ? t('add.title', { name: unitName(parent) }) : t('addRoot')
  return (
    <Dialog open title={title} onClose={onClose}>
      <EditForm specs={specs(old)} from={old ? { ...old } : { parent }} onSave={save} onCancel={onClose} {...(old ? { reload } : {})}/>
    </Dialog>
  )
}

/** specs: a unit never goes below itself, and only to where the person manages. */
function specs(old: UnitRow | undefined): Spec[] {
  const mayGo = (u: UnitRow) => mayIn('manage', u.id) && !(old && within(u.id, old.id))
  const atTop = mayEverywhere('manage') || old?.parent === ''
  const list: Spec[] = [
    { name: 'name', label: t('name'), kind: 'text', required: true, hint: t('nameHint'), wide: true },
    { name: 'code', label: t('code'), kind: 'text', required: true, max: 40, hint: t('codeHint') },
  ]
  if (!old || mayIn('manage', old.parent) || atTop) {
    list.push({ name: 'parent', label: t('parent'), kind: 'unit', hint: t('parentHint'), keep: mayGo, ...(atTop ? { empty: t('top') } : { required: true }) })
  }
  return list
}
