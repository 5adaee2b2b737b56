/** The form as it is printed: halves side by side, groups that span lines, exact labels. */
import type { ComponentChildren, VNode } from 'preact'
import { t } from '../../i18n/console/table'
import { colon, dayText } from '../../i18n/format'
import type { HalfView, RowView, TableView } from '../types'
import { pick, Two } from './parts'

export interface FormTableProps {
  v: TableView
  /** Opens a cell; without it the form is empty paper, as in a template's preview. */
  onOpen?: (row: string) => void
}

/** FormTable lays the rows out as the template says. On paper only the accepted figures are printed. */
export function FormTable({ v, onOpen }: FormTableProps): VNode {
  const rows = new Map(v.rows.map((r) => [r.code, r]))
  const lines = Math.max(...v.halves.map((h) => h.rows.length), 0)
  return (
    <div class="form-paper">
      {v.mark && <p class="form-mark">{v.mark}</p>}
      <p class="form-title">{pick(v.title, v.title_en)}{v.draft && onOpen && <span class="form-draft">{t('draft')}</span>}</p>
      <p class="form-head">
        <span>{pick(v.head_unit, t('unitLabel'))}{colon()}<span class="form-fill">{v.unit_name}</span></span>
        {v.head_date && <span>{pick(v.head_date, t('date'))}{colon()}<span class="form-fill">{v.date ? dayText(v.date) : ''}</span></span>}
      </p>
      {/* Where no cell can be pressed, the keyboard reaches the frame itself to scroll it. */}
      <div class="form-frame" {...(onOpen ? {} : { tabIndex: 0, role: 'region', 'aria-label': pick(v.title, v.title_en) })}>
        <table class="form-table">
          <caption class="unseen">{pick(v.title, v.title_en)}</caption>
          <thead>
            <tr>{v.halves.map((h, i) => <HeadCells key={i} v={v} half={h}/>)}</tr>
          </thead>
          <tbody>
            {Array.from({ length: lines }, (_, i) => (
              <tr key={i}>
                {v.halves.map((h, k) => <LineCells key={k} v={v} half={h} line={i + 1} row={rows.get(h.rows[i] ?? '')} onOpen={onOpen}/>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {v.notes.length > 0 && <div class="form-notes">{v.notes.map((n) => <p key={n}>{n}</p>)}</div>}
      {(v.foot_filled || v.foot_phone) && (
        <p class="form-head">
          {v.foot_filled && <span>{pick(v.foot_filled, t('filledBy'))}{colon()}<span class="form-fill">{v.filled_by}</span></span>}
          {v.foot_phone && <span>{pick(v.foot_phone, t('phone'))}{colon()}<span class="form-fill">{v.phone}</span></span>}
        </p>
      )}
    </div>
  )
}

function HeadCells({ v, half }: { v: TableView; half: HalfView }) {
  return (
    <>
      <th scope="col" colSpan={half.depth + 1}>{pick(v.columns.item, t('item'))}</th>
      <th scope="col" class="form-unit">{pick(v.columns.unit, t('measure'))}</th>
      <th scope="col" class="form-total">{pick(v.columns.total, t('all'))}</th>
      {v.columns.remark && <th scope="col">{pick(v.columns.remark, t('remark'))}</th>}
    </>
  )
}

interface LineProps {
  v: TableView
  half: HalfView
  /** From 1. */
  line: number
  row: RowView | undefined
  onOpen?: ((row: string) => void) | undefined
}

function LineCells({ v, half, line, row, onOpen }: LineProps) {
  const starts = half.groups.filter((g) => g.from === line).sort((a, b) => a.level - b.level)
  if (!row) {
    return <td colSpan={half.depth + 3 + (v.columns.remark ? 1 : 0)}/>
  }
  // A row fills the columns of the groups that it is not in.
  const above = half.groups.filter((g) => g.from <= line && line <= g.to).length
  return (
    <>
      {starts.map((g) => (
        <th key={g.level} scope="rowgroup" rowSpan={g.to - g.from + 1} class="form-group">{pick(g.label, g.label_en)}</th>
      ))}
      <th scope="row" colSpan={half.depth + 1 - above} class="form-item">{pick(row.label, row.label_en)}</th>
      {row.numeric ? (
        <>
          <td class="form-unit">{pick(row.unit_label, row.unit_label_en)}</td>
          <td class="form-total"><Cell row={row} onOpen={onOpen}><Two accepted={row.accepted} reported={row.reported} label={(n) => t('reported', { n })}/></Cell></td>
        </>
      ) : (
        <td colSpan={2} class="form-text"><Cell row={row} onOpen={onOpen}>{row.text || <span class="muted no-print">{t('blank')}</span>}</Cell></td>
      )}
      {v.columns.remark && <td class="form-text">{row.remark}</td>}
    </>
  )
}

function Cell({ row, onOpen, children }: { row: RowView; onOpen?: ((row: string) => void) | undefined; children: ComponentChildren }) {
  if (!onOpen) {
    return null
  }
  return (
    <button type="button" class="form-open" title={t('openCell', { row: pick(row.full_label, row.full_label_en), n: row.numeric ? row.accepted.text || t('blank') : '' })}
      onClick={() => onOpen(row.code)}>
      <span class="unseen">{pick(row.full_label, row.full_label_en)} </span>{children}
    </button>
  )
}
