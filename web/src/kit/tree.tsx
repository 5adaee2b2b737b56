/** A tree, such as the units of a bureau. */
import type { ComponentChildren, VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { IconRight } from './icons'

export interface TreeNode {
  key: string
  label: string
  /** At the right: a count, a tag. */
  note?: ComponentChildren
  children?: readonly TreeNode[]
}

export interface TreeProps {
  /** Names the tree. */
  label: string
  nodes: readonly TreeNode[]
  selected?: string | undefined
  onSelect: (key: string) => void
  /** Levels that are open at first, 2 unless told. */
  openLevels?: number
}

interface Line {
  node: TreeNode
  level: number
  parent: string | undefined
  open: boolean
  place: number
  of: number
}

/** Tree: up and down move, right opens or goes in, left closes or goes out, Enter and space choose. */
export function Tree({ label, nodes, selected, onSelect, openLevels = 2 }: TreeProps): VNode {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState<string | undefined>(undefined)
  const list = useRef<HTMLUListElement>(null)
  const lines = visible(nodes, (key, level) => (level <= openLevels) !== toggled.has(key))
  const focusable = [at, selected, lines[0]?.node.key].find((k) => lines.some((l) => l.node.key === k))
  const toggle = (key: string) => {
    const next = new Set(toggled)
    if (!next.delete(key)) {
      next.add(key)
    }
    setToggled(next)
  }
  const focus = (key: string | undefined) => {
    const i = lines.findIndex((l) => l.node.key === key)
    if (i >= 0) {
      setAt(key)
      list.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[i]?.focus()
    }
  }
  const press = (e: KeyboardEvent, line: Line) => {
    const step = keyStep(e.key, lines, line)
    if (!step) {
      return
    }
    e.preventDefault()
    if (step.to !== undefined) {
      focus(step.to)
    } else if (step.act === 'toggle') {
      toggle(line.node.key)
    } else {
      onSelect(line.node.key)
    }
  }
  return (
    <ul class="tree" role="tree" aria-label={label} ref={list}>
      {lines.map((line) => {
        const { key, children, note } = line.node
        const branch = Boolean(children?.length)
        return (
          <li key={key} role="treeitem" class={`tree-line tree-level-${Math.min(line.level, 6)}`} aria-level={line.level}
            aria-posinset={line.place} aria-setsize={line.of} aria-expanded={branch ? line.open : undefined}
            aria-selected={key === selected ? 'true' : 'false'} tabIndex={key === focusable ? 0 : -1}
            onKeyDown={(e) => press(e, line)}
            onClick={() => {
              focus(key)
              onSelect(key)
            }}>
            <span class={branch ? 'tree-knob' : 'tree-knob tree-leaf'} aria-hidden="true" onClick={(e) => {
              if (branch) {
                e.stopPropagation()
                toggle(key)
              }
            }}>{branch && <IconRight size={16}/>}</span>
            <span class="tree-label">{line.node.label}</span>
            {note !== undefined && <span class="tree-note">{note}</span>}
          </li>
        )
      })}
    </ul>
  )
}

/** visible lists the nodes below open ones in reading order. */
function visible(nodes: readonly TreeNode[], isOpen: (key: string, level: number) => boolean, level = 1, parent?: string): Line[] {
  return nodes.flatMap((node, i) => {
    const open = Boolean(node.children?.length) && isOpen(node.key, level)
    const line: Line = { node, level, parent, open, place: i + 1, of: nodes.length }
    return [line, ...(open ? visible(node.children ?? [], isOpen, level + 1, node.key) : [])]
  })
}

/** keyStep says what a key does at a line: go to another one, open or close it, or choose it. */
function keyStep(key: string, lines: Line[], line: Line): { to?: string | undefined; act?: 'toggle' | 'select' } | undefined {
  const i = lines.indexOf(line)
  const branch = Boolean(line.node.children?.length)
  switch (key) {
    case 'ArrowDown': return { to: lines[i + 1]?.node.key ?? line.node.key }
    case 'ArrowUp': return { to: lines[i - 1]?.node.key ?? line.node.key }
    case 'Home': return { to: lines[0]?.node.key }
    case 'End': return { to: lines[lines.length - 1]?.node.key }
    case 'ArrowRight': return !branch ? undefined : line.open ? { to: lines[i + 1]?.node.key } : { act: 'toggle' }
    case 'ArrowLeft': return line.open ? { act: 'toggle' } : line.parent === undefined ? undefined : { to: line.parent }
    case 'Enter':
    case ' ': return { act: 'select' }
  }
  return undefined
}
