/** Where things stand beside each other. */
import type { ComponentChildren, VNode } from 'preact'

type Children = { children: ComponentChildren }

/** Stack: one below the other, with even space. */
export const Stack = ({ children }: Children): VNode => <div class="stack">{children}</div>

/** Row: side by side, into further lines where there is no room. */
export const Row = ({ children, end }: Children & { end?: boolean }): VNode => <div class={end ? 'row row-end' : 'row'}>{children}</div>

/** Toolbar: search, filters and buttons over a table. */
export const Toolbar = ({ children, label }: Children & { label?: string }): VNode => (
  <div class="row toolbar" role="group" aria-label={label}>{children}</div>
)

/** Columns: equal columns of at least min px, as many as there is room for. */
export const Columns = ({ children, min = 320 }: Children & { min?: 160 | 240 | 320 | 480 }): VNode => (
  <div class={`columns columns-${min}`}>{children}</div>
)

/** Split: a list and the details of what is chosen in it; below each other on narrow screens. */
export const Split = ({ list, detail }: { list: ComponentChildren; detail: ComponentChildren }): VNode => (
  <div class="split"><div class="split-list">{list}</div><div class="split-detail">{detail}</div></div>
)
