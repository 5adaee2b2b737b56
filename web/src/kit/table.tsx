/** Tables of records. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/kit'
import { Button } from './button'
import { Checkbox } from './choices'
import { EmptyState, Skeleton } from './states'

export interface Column<T> {
  key: string
  label: string
  cell: (row: T) => ComponentChildren
  /** number: to the right, with digits of one width. */
  align?: 'number' | 'center'
  /** CSS width, such as 8em. */
  width?: string
  /** The cell that names the row: its header, and what opens it. The first column unless told. It holds text only. */
  main?: boolean
  /** Its text is not broken into lines. */
  nowrap?: boolean
}

export interface DataTableProps<T> {
  /** What the table is; read out, and visible with showCaption. */
  caption: string
  showCaption?: boolean
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  /** Names a row in the label of its check box; its key unless told. */
  rowLabel?: (row: T) => string
  /** Keys of the selected rows; with onSelect the table has check boxes. */
  selected?: ReadonlySet<string>
  onSelect?: (selected: Set<string>) => void
  /** Buttons for the selected rows. */
  bulk?: ComponentChildren
  /** Opens a row: by its main cell, which is a button, or by a click anywhere on the row. */
  onOpen?: (row: T) => void
  /** The address of a row; the main cell is a link then. */
  rowHref?: (row: T) => string
  /** The row whose details are shown beside the table. */
  current?: string | undefined
  loading?: boolean
  /** Shown when there are no rows. */
  empty?: ComponentChildren
  /** The last row: sums. One cell per column by key. */
  footer?: Record<string, ComponentChildren>
}

/** DataTable has a head that stays in view; arrow keys move between the rows that can be opened. */
export function DataTable<T>(props: DataTableProps<T>): VNode {
  const frame = useRef<HTMLDivElement>(null)
  const scrolls = useOverflow(frame)
  const main = props.columns.find((c) => c.main) ?? props.columns[0]
  const span = props.columns.length + (props.onSelect ? 1 : 0)
  return (
    <div class="table-box">
      {props.onSelect && (props.selected?.size ?? 0) > 0 && <SelectionBar {...props}/>}
      <div class="table-frame" ref={frame} onKeyDown={moveRow}
        {...(scrolls ? { tabIndex: 0, role: 'region', 'aria-label': props.caption } : {})}>
        <table class="table" aria-busy={props.loading ? 'true' : undefined}>
          <caption class={props.showCaption ? '' : 'unseen'}>{props.caption}</caption>
          <thead>
            <tr>
              {props.onSelect && <th class="cell-check" scope="col"><SelectAll {...props}/></th>}
              {props.columns.map((c) => (
                <th key={c.key} scope="col" class={cellClass(c)} style={c.width ? { width: c.width } : undefined}>{c.label}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.loading && props.rows.length === 0 && <tr><td colSpan={span}><Skeleton lines={4}/></td></tr>}
            {!props.loading && props.rows.length === 0 && (
              <tr><td colSpan={span}>{props.empty ?? <EmptyState title={t('table.empty')}/>}</td></tr>
            )}
            {props.rows.map((row) => <Row key={props.rowKey(row)} table={props} row={row} main={main}/>)}
          </tbody>
          {props.footer && (
            <tfoot>
              <tr>
                {props.onSelect && <td/>}
                {props.columns.map((c) => <td key={c.key} class={cellClass(c)}>{props.footer?.[c.key]}</td>)}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </div>
  )
}

function Row<T>({ table, row, main }: { table: DataTableProps<T>; row: T; main: Column<T> | undefined }) {
  const key = table.rowKey(row)
  const on = table.selected?.has(key) ?? false
  const opens = Boolean(table.onOpen || table.rowHref)
  const look = [opens && 'row-opens', on && 'row-on', table.current === key && 'row-current'].filter(Boolean).join(' ')
  return (
    <tr class={look} aria-selected={undefined} onClick={(e) => opens && onlyRow(e) && open(table, row)}>
      {table.onSelect && (
        <td class="cell-check">
          <Checkbox checked={on} label={t('table.select', { row: table.rowLabel?.(row) ?? key })}
            onInput={(next) => table.onSelect?.(changed(table.selected, [key], next))}/>
        </td>
      )}
      {table.columns.map((c) => c === main
        ? <th key={c.key} scope="row" class={cellClass(c)}><Opener table={table} row={row}>{c.cell(row)}</Opener></th>
        : <td key={c.key} class={cellClass(c)}>{c.cell(row)}</td>)}
    </tr>
  )
}

function Opener<T>({ table, row, children }: { table: DataTableProps<T>; row: T; children: ComponentChildren }) {
  const current = table.current === table.rowKey(row) ? ('true' as const) : undefined
  if (table.rowHref) {
    return <a class="row-opener" aria-current={current} href={table.rowHref(row)}>{children}</a>
  }
  if (table.onOpen) {
    return <button type="button" class="row-opener text-link" aria-current={current} onClick={() => table.onOpen?.(row)}>{children}</button>
  }
  return <>{children}</>
}

function open<T>(table: DataTableProps<T>, row: T): void {
  if (table.rowHref) {
    location.hash = table.rowHref(row)
    return
  }
  table.onOpen?.(row)
}

/** onlyRow says whether a click meant the row: not a control in it, and not the end of marking text. */
function onlyRow(e: MouseEvent): boolean {
  const control = (e.target as Element).closest('a, button, input, label, select')
  return !control && String(getSelection() ?? '') === ''
}

function cellClass<T>(c: Column<T>): string {
  return [c.align && 'cell-' + c.align, c.nowrap && 'nowrap'].filter(Boolean).join(' ')
}

function SelectAll<T>(props: DataTableProps<T>) {
  const keys = props.rows.map(props.rowKey)
  const on = keys.filter((k) => props.selected?.has(k)).length
  return (
    <Checkbox label={t('table.selectAll')} checked={on > 0 && on === keys.length} mixed={on > 0 && on < keys.length}
      disabled={keys.length === 0} onInput={(next) => props.onSelect?.(changed(props.selected, keys, next))}/>
  )
}

function SelectionBar<T>(props: DataTableProps<T>) {
  return (
    <div class="row table-bar" role="status">
      <strong>{t('table.selected', { n: props.selected?.size ?? 0 })}</strong>
      {props.bulk}
      <Button kind="link" small onClick={() => props.onSelect?.(new Set())}>{t('table.clear')}</Button>
    </div>
  )
}

function changed(from: ReadonlySet<string> | undefined, keys: string[], on: boolean): Set<string> {
  const next = new Set(from)
  for (const key of keys) {
    if (on) {
      next.add(key)
    } else {
      next.delete(key)
    }
  }
  return next
}

/** moveRow moves the focus to the opener of the next or previous row. */
function moveRow(e: KeyboardEvent): void {
  const here = e.target as Element
  if ((e.key !== 'ArrowDown' && e.key !== 'ArrowUp') || !here.classList.contains('row-opener')) {
    return
  }
  const all = Array.from((e.currentTarget as Element).querySelectorAll<HTMLElement>('.row-opener'))
  const next = all[all.indexOf(here as HTMLElement) + (e.key === 'ArrowDown' ? 1 : -1)]
  if (next) {
    e.preventDefault()
    next.focus()
  }
}

/** useOverflow says whether an element is wider or higher than what is seen of it, so that the keyboard must reach it. */
function useOverflow(ref: { current: HTMLElement | null }): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element || typeof ResizeObserver === 'undefined') {
      return
    }
    const look = () => setOver(element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
    const observer = new ResizeObserver(look)
    observer.observe(element)
    if (element.firstElementChild) {
      observer.observe(element.firstElementChild)
    }
    look()
    return () => observer.disconnect()
  }, [])
  return over
}
