/** Tabs: views of one thing, of which one is seen. */
import type { ComponentChildren, VNode } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { number } from '../i18n/format'

export interface Tab<K extends string = string> {
  key: K
  label: string
  count?: number | undefined
}

export interface TabsProps<K extends string> {
  /** Names the list of tabs. */
  label: string
  tabs: readonly Tab<K>[]
  value: K
  onChange: (key: K) => void
  /** What the chosen tab shows. */
  children?: ComponentChildren
}

/** Tabs: arrow keys, Home and End choose; one tab is in the tab order. */
export function Tabs<K extends string>({ label, tabs, value, onChange, children }: TabsProps<K>): VNode {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (e: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.key === value)
    const to = target(e.key, at, tabs.length)
    const next = to === undefined ? undefined : tabs[to]
    if (next) {
      e.preventDefault()
      onChange(next.key)
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to ?? 0]?.focus()
    }
  }
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab) => (
          <button key={tab.key} type="button" role="tab" class="tab" id={`${id}-${tab.key}`} aria-selected={tab.key === value ? 'true' : 'false'}
            aria-controls={tab.key === value ? id + '-panel' : undefined} tabIndex={tab.key === value ? 0 : -1}
            onClick={() => onChange(tab.key)}>
            {tab.label}{tab.count !== undefined && <span class="tab-count">{number(tab.count)}</span>}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={id + '-panel'} aria-labelledby={`${id}-${value}`} tabIndex={0}>{children}</div>
    </div>
  )
}

/** target is the place that a key leads to in a row of n, round the ends. */
function target(key: string, at: number, n: number): number | undefined {
  switch (key) {
    case 'ArrowRight': return (at + 1) % n
    case 'ArrowLeft': return (at - 1 + n) % n
    case 'Home': return 0
    case 'End': return n - 1
  }
  return undefined
}
