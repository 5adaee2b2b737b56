/** What content stands on: cards, lists of cells, tags, and the heading of a page. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { t } from '../i18n/kit'
import { headingTurn } from '../store/location'
import { IconCheck, IconClock, IconClose, type Icon, IconError, IconInfo, IconLock, IconMinus, IconRight, IconUndo, IconWarning } from './icons'

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'error' | 'waiting' | 'returned' | 'frozen' | 'off'

const toneIcons: Record<Tone, Icon | undefined> = {
  neutral: undefined, info: IconInfo, success: IconCheck, warning: IconWarning, error: IconError,
  waiting: IconClock, returned: IconUndo, frozen: IconLock, off: IconMinus,
}

export interface TagProps {
  /** Colour and icon; the text alone says it too. */
  tone?: Tone
  /** Another icon than the tone's. */
  icon?: Icon
  onRemove?: () => void
  children: ComponentChildren
}

/** Tag is a short state: 待审核, 已退回 … */
export function Tag({ tone = 'neutral', icon, onRemove, children }: TagProps): VNode {
  const Shown = icon ?? toneIcons[tone]
  return (
    <span class={`tag tag-${tone}`}>
      {Shown && <Shown size={14}/>}
      <span>{children}</span>
      {onRemove && <button type="button" class="tag-remove" aria-label={t('clear')} onClick={onRemove}><IconClose size={14}/></button>}
    </span>
  )
}

export interface CardProps {
  title?: ComponentChildren
  /** Of the title, 2 unless told. */
  level?: 2 | 3
  /** At the right of the title. */
  actions?: ComponentChildren
  /** No padding, for tables and cell lists. */
  flush?: boolean
  children: ComponentChildren
}

/** Card is a white surface; with a title it is a region of that name. */
export function Card({ title, level = 2, actions, flush, children }: CardProps): VNode {
  const id = useId()
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section class={flush ? 'card card-flush' : 'card'} aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <header class="card-head">
          {title && <Heading id={id}>{title}</Heading>}
          {actions && <div class="row">{actions}</div>}
        </header>
      )}
      <div class="card-body">{children}</div>
    </section>
  )
}

/** CellList is the list of rows that phones know. */
export function CellList({ label, children }: { label?: string; children: ComponentChildren }): VNode {
  return <ul class="cells" aria-label={label}>{children}</ul>
}

export interface CellProps {
  title: ComponentChildren
  /** Small, below the title. */
  note?: ComponentChildren
  /** At the right. */
  value?: ComponentChildren
  icon?: Icon
  href?: string
  onClick?: () => void
}

/** Cell is one row; with href or onClick all of it can be pressed. */
export function Cell({ title, note, value, icon: Shown, href, onClick }: CellProps): VNode {
  const inside = (
    <>
      {Shown && <Shown/>}
      <span class="cell-text"><span class="cell-title">{title}</span>{note && <span class="cell-note">{note}</span>}</span>
      {value !== undefined && <span class="cell-value">{value}</span>}
      {(href || onClick) && <IconRight size={16}/>}
    </>
  )
  return (
    <li>
      {href
        ? <a class="cell" href={href}>{inside}</a>
        : onClick ? <button type="button" class="cell" onClick={onClick}>{inside}</button> : <div class="cell">{inside}</div>}
    </li>
  )
}

export interface PageHeaderProps {
  /** The page's one h1, and the title of the window. */
  title: string
  /** The way here, without this page. */
  path?: readonly { label: string; href: string }[]
  note?: ComponentChildren
  actions?: ComponentChildren
  /** Put behind the title in the window's title. */
  product?: string
}

/** PageHeader must be there from the first moment of a page: its heading takes the focus after each move. */
export function PageHeader({ title, path, note, actions, product }: PageHeaderProps): VNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = title + ' · ' + (product ?? 'fieldsync')
  }, [title, product])
  useEffect(() => {
    if (headingTurn()) {
      heading.current?.focus({ preventScroll: true })
    }
  }, [])
  return (
    <header class="page-head">
      {path && (
        <nav aria-label={t('page.path')}>
          <ol class="crumbs">{path.map((p) => <li key={p.href}><a href={p.href}>{p.label}</a></li>)}</ol>
        </nav>
      )}
      <div class="page-line">
        <div class="page-name">
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {note && <div class="page-note">{note}</div>}
        </div>
        {actions && <div class="row page-actions">{actions}</div>}
      </div>
    </header>
  )
}
