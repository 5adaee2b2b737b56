/** What each unit handed in: units down, items across, the file and the stamped paper in each cell. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/sheets'
import { dateTime } from '../../i18n/format'
import { Button, Card, Checkbox, DateTimeInput, Dialog, EmptyState, Field, Form, Loaded, Pager, Tag, Textarea, toast, Toolbar, useCursor } from '../../kit'
import { place } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { everything } from '../lists'
import type { HandIn, HandInCell } from '../types'
import { mayIn } from '../units'
import { at, Head, type Paged, settled, UnitFilter } from './parts'
import { day, dayTime } from './show'

interface Grid {
  items: HandIn[]
  cells: Paged<HandInCell>
}

export function HandIns({ campaign }: { campaign: string }): VNode {
  const unit = place.value.query.get('unit') ?? ''
  const cursor = useCursor()
  const [editing, edit] = useState<{ cell: HandInCell; item: HandIn } | undefined>(undefined)
  const grid = useResource<Grid>(async (signal) => {
    const [items, cells] = await Promise.all([
      everything<HandIn>((next) => api.get(`/campaigns/${campaign}/handins`, { limit: 200, cursor: next }, signal)),
      api.get<Paged<HandInCell>>(`/campaigns/${campaign}/receipts`, { unit, limit: 200, cursor: cursor.cursor }, signal),
    ])
    return { items, cells }
  }, [campaign, unit, cursor.cursor])
  return (
    <>
      <Head campaign={campaign} title={t('h.title')} note={t('h.note')}/>
      <Toolbar><UnitFilter value={unit}/></Toolbar>
      <Loaded of={grid} lines={10}>{(g) => g.items.length === 0
        ? <EmptyState title={t('h.empty')} text={t('h.emptyText')} action={<Button href={'#' + at(campaign, 'settings')}>{t('h.settings')}</Button>}/>
        : (
          <Card flush>
            <GridTable campaign={campaign} grid={g} onEdit={(cell, item) => edit({ cell, item })}/>
            {(g.cells.next || cursor.cursor) && <Pager {...cursor.pager(g.cells.next)} loading={grid.loading}/>}
          </Card>
        )}</Loaded>
      {editing && <Edit campaign={campaign} {...editing} onClose={() => edit(undefined)} onDone={() => {
        edit(undefined)
        grid.reload()
      }}/>}
    </>
  )
}

function GridTable({ campaign, grid, onEdit }: { campaign: string; grid: Grid; onEdit: (cell: HandInCell, item: HandIn) => void }) {
  const units = [...new Map(grid.cells.items.map((c) => [c.unit, c.unit_name]))]
  const cells = new Map(grid.cells.items.map((c) => [c.unit + c.handin, c]))
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t('h.title')}>
      <table class="table units-table handins">
        <caption class="unseen">{t('h.title')}</caption>
        <thead>
          <tr>
            <th scope="col" class="units-item">{t('unit')}</th>
            {grid.items.map((h) => {
              const of = grid.cells.items.filter((c) => c.handin === h.id)
              return (
                <th key={h.id} scope="col">
                  <div class="handin-item">{h.item}</div>
                  <div class="handin-due">{t('h.due', { when: dayTime(h.due) })}</div>
                  <div class="handin-due figure">{t('h.count', { done: of.filter((c) => c.electronic_at > 0).length, total: of.length })}</div>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {units.map(([unit, name]) => (
            <tr key={unit}>
              <th scope="row" class="units-item">{name}</th>
              {grid.items.map((h) => {
                const cell = cells.get(unit + h.id)
                return <td key={h.id}>{cell && <Cell cell={cell} item={h} may={mayIn('review', unit, campaign)} onEdit={() => onEdit(cell, h)}/>}</td>
              })}
            </tr>
          ))}
          {units.length === 0 && <tr><td colSpan={grid.items.length + 1}><EmptyState title={t('h.noUnits')}/></td></tr>}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ cell, item, may, onEdit }: { cell: HandInCell; item: HandIn; may: boolean; onEdit: () => void }) {
  const line = (label: string, ms: number) => (
    <span class="handin-line"><span class="muted">{label}</span> {ms > 0 ? <span class="figure">{day(ms)}</span> : <span class={cell.late ? 'bad' : 'muted'}>{t('h.missing')}</span>}</span>
  )
  const inside = (
    <>
      {line(t('h.electronic'), cell.electronic_at)}
      {line(t('h.paper'), cell.paper_at)}
      {cell.late && <Tag tone="error">{t('h.late')}</Tag>}
      {cell.note && <span class="handin-line muted small">{cell.note}</span>}
    </>
  )
  if (!may) {
    return <div class="handin-cell">{inside}</div>
  }
  return (
    <button type="button" class="handin-cell handin-open" title={t('h.open', { unit: cell.unit_name, item: item.item })} onClick={onEdit}>
      <span class="unseen">{t('h.open', { unit: cell.unit_name, item: item.item })} </span>{inside}
    </button>
  )
}

interface EditProps {
  campaign: string
  cell: HandInCell
  item: HandIn
  onClose: () => void
  onDone: () => void
}

function Edit({ campaign, cell, item, onClose, onDone }: EditProps) {
  const [electronic, setElectronic] = useState(cell.electronic_at)
  const [paper, setPaper] = useState(cell.paper_at)
  const [note, setNote] = useState(cell.note)
  const save = async () => {
    const body = { handin: item.id, unit: cell.unit, version: cell.version, electronic, paper, note: note.trim() }
    if (await settled(campaign, api.put(`/campaigns/${campaign}/receipts`, body), onDone)) {
      toast(t('h.saved'))
    }
  }
  const when = (label: string, ms: number, set: (ms: number) => void) => (
    <div class="stack">
      <Checkbox checked={ms > 0} onInput={(on) => set(on ? Date.now() : 0)}>{label}</Checkbox>
      {ms > 0 && <Field label={t('h.at')}><DateTimeInput value={ms} onInput={(v) => set(v ?? Date.now())}/></Field>}
    </div>
  )
  return (
    <Dialog open size="small" title={t('h.editTitle', { unit: cell.unit_name, item: item.item })} onClose={onClose}>
      <Form submit={t('h.save')} onCancel={onClose} onSubmit={save}>
        {when(t('h.gotE'), electronic, setElectronic)}
        {when(t('h.gotP'), paper, setPaper)}
        <Field label={t('h.noteLabel')} name="note"><Textarea rows={2} value={note} onInput={setNote} maxLength={500}/></Field>
        <p class="muted small">{t('h.due', { when: dateTime(item.due) })}</p>
      </Form>
    </Dialog>
  )
}
