/** A button that opens a short list of actions. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { type Icon, IconDown, IconMore } from './icons'
import { report } from './messages'

export interface MenuItem {
  label: string
  onSelect: () => unknown
  icon?: Icon
  danger?: boolean
  disabled?: boolean
}

export interface MenuProps {
  /** The text of the button, or its name when iconOnly. */
  label: string
  items: readonly MenuItem[]
  icon?: Icon
  /** Three dots or the icon, without text. */
  iconOnly?: boolean
  /** Over the items: who is signed in. */
  head?: ComponentChildren
}

/** Menu: arrow keys, Home, End and first letters move; Esc and a press elsewhere close; the focus goes back to the button. */
export function Menu({ label, items, icon, iconOnly, head }: MenuProps): VNode {
  const [open, setOpen] = useState(false)
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const entries = () => Array.from(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not([aria-disabled])') ?? [])
  useEffect(() => {
    if (!open) {
      return
    }
    entries()[0]?.focus()
    const away = (e: PointerEvent) => box.current?.contains(e.target as Node) || setOpen(false)
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const choose = (item: MenuItem) => {
    close()
    Promise.resolve().then(item.onSelect).catch(report)
  }
  const Shown = icon ?? (iconOnly ? IconMore : undefined)
  return (
    <div class="menu" ref={box} onKeyDown={(e) => open && move(e, entries(), close)}
      onFocusOut={(e) => e.relatedTarget instanceof Node && !box.current?.contains(e.relatedTarget) && setOpen(false)}>
      <button ref={button} type="button" class={iconOnly ? 'icon-btn' : 'btn btn-link'} aria-haspopup="menu" aria-expanded={open}
        aria-controls={open ? id : undefined} aria-label={iconOnly ? label : undefined} title={iconOnly ? label : undefined}
        onClick={() => setOpen(!open)}>
        {Shown && <Shown size={18}/>}
        {!iconOnly && <><span class="btn-text">{label}</span><IconDown size={16}/></>}
      </button>
      {open && (
        <div class="menu-box">
          {head && <div class="menu-head">{head}</div>}
          <div role="menu" id={id} aria-label={label}>
            {items.map((item) => (
              <button key={item.label} type="button" role="menuitem" class={item.danger ? 'menu-item menu-danger' : 'menu-item'} tabIndex={-1}
                aria-disabled={item.disabled ? 'true' : undefined} onClick={() => item.disabled || choose(item)}>
                {item.icon && <item.icon size={18}/>}<span>{item.label}</span>
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  )
}

/** move does what a key means in an open menu. */
function move(e: KeyboardEvent, entries: HTMLElement[], close: () => void): void {
  const at = entries.indexOf(document.activeElement as HTMLElement)
  const n = entries.length
  const byLetter = () => entries.findIndex((x) => x.textContent?.trim().toLowerCase().startsWith(e.key.toLowerCase()))
  const to: Record<string, () => number> = {
    ArrowDown: () => (at + 1) % n, ArrowUp: () => (at - 1 + n) % n, Home: () => 0, End: () => n - 1,
  }
  if (e.key === 'Escape' || e.key === 'Tab') {
    if (e.key === 'Escape') {
      e.stopPropagation()
      e.preventDefault()
    }
    close()
    return
  }
  const target = entries[to[e.key]?.() ?? (e.key.length === 1 && e.key !== ' ' ? byLetter() : -1)]
  if (target) {
    e.preventDefault()
    target.focus()
  }
}
