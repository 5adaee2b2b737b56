/** The numbers of the table, a column for each unit. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/table'
import type { TableView } from '../types'
import { pick, Two } from './parts'

export interface UnitsTableProps {
  v: TableView
  onOpen: (row: string, unit?: string) => void
}

export function UnitsTable({ v, onOpen }: UnitsTableProps): VNode {
  const rows = v.rows.filter((r) => r.numeric)
  const label = (n: string) => t('reported', { n })
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t('view.units')}>
      <table class="table units-table">
        <caption class="unseen">{pick(v.title, v.title_en)} · {t('view.units')}</caption>
        <thead>
          <tr>
            <th scope="col" class="units-item">{pick(v.columns.item, t('item'))}</th>
            <th scope="col">{pick(v.columns.unit, t('measure'))}</th>
            <th scope="col" class="cell-number">{t('all')}</th>
            {v.units.map((u) => <th key={u.id} scope="col" class="cell-number">{u.name}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.code}>
              <th scope="row" class="units-item">{pick(r.full_label, r.full_label_en)}</th>
              <td class="nowrap">{pick(r.unit_label, r.unit_label_en)}</td>
              <td class="cell-number">
                <button type="button" class="form-open" onClick={() => onOpen(r.code)}><strong><Two accepted={r.accepted} reported={r.reported} label={label}/></strong></button>
              </td>
              {v.units.map((u, i) => {
                const f = r.units[i]
                const nothing = !f || (f.accepted.n === 0 && f.reported.n === 0 && f.reported.text === '')
                return (
                  <td key={u.id} class="cell-number">
                    {nothing ? <span class="muted">—</span> : (
                      <button type="button" class="form-open" onClick={() => onOpen(r.code, u.id)}><Two accepted={f.accepted} reported={f.reported} label={label}/></button>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
