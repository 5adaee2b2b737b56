/** The tree of units in reach. It is asked for once and kept; whoever changes it calls reloadUnits. */
import { computed, signal } from '@preact/signals'
import type { TreeNode } from '../kit'
import { api } from './api'
import { everything } from './lists'
import { me } from './me'
import type { Ability, UnitRow } from './types'

const loaded = signal<UnitRow[] | undefined>(undefined)
let loading: Promise<UnitRow[]> | undefined

/** units are all units in reach in the order of tables; empty until they were loaded. */
export const units = computed<UnitRow[]>(() =>
  [...(loaded.value ?? [])].sort((a, b) => a.code.localeCompare(b.code) || a.name.localeCompare(b.name)))

/** loadUnits loads them if nobody did. */
export function loadUnits(): Promise<UnitRow[]> {
  loading ??= everything<UnitRow>((cursor) => api.get('/units', { limit: 200, cursor }, new AbortController().signal))
    .then((all) => (loaded.value = all))
    .catch((error: unknown) => {
      loading = undefined
      throw error
    })
  return loading
}

export function reloadUnits(): Promise<UnitRow[]> {
  loading = undefined
  return loadUnits()
}

/** forgetUnits makes the next person see their own. */
export function forgetUnits(): void {
  loading = undefined
  loaded.value = undefined
}

const byId = computed(() => new Map(units.value.map((u) => [u.id, u])))

export const unitOf = (id: string): UnitRow | undefined => byId.value.get(id)

export const unitName = (id: string): string => byId.value.get(id)?.name ?? ''

/** within says whether unit is top or stands below it. */
export function within(unit: string, top: string): boolean {
  for (let at: string | undefined = unit, steps = 0; at && steps < 64; steps++) {
    if (at === top) {
      return true
    }
    at = byId.value.get(at)?.parent
  }
  return false
}

/** mayIn says whether the person may do it in this unit; campaign '' is what belongs to no campaign. */
export function mayIn(ability: Ability, unit: string, campaign = ''): boolean {
  return me.value?.grants.some((g) =>
    (g.campaign === '' || (campaign !== '' && g.campaign === campaign)) && g.abilities.includes(ability) && within(unit, g.unit)) ?? false
}

/** unitPath returns the units from the top of what is seen down to this one. */
export function unitPath(id: string): UnitRow[] {
  const path: UnitRow[] = []
  for (let u = byId.value.get(id); u && path.length < 64; u = byId.value.get(u.parent)) {
    path.unshift(u)
  }
  return path
}

/** unitTree nests the units for Tree. What keep refuses is left out with all below it. */
export function unitTree(note?: (u: UnitRow) => TreeNode['note'], keep: (u: UnitRow) => boolean = () => true): TreeNode[] {
  const below = new Map<string, UnitRow[]>()
  for (const u of units.value) {
    const parent = byId.value.has(u.parent) ? u.parent : ''
    below.set(parent, [...(below.get(parent) ?? []), u])
  }
  const nest = (parent: string): TreeNode[] =>
    (below.get(parent) ?? []).filter(keep).map((u) => ({ key: u.id, label: u.name, note: note?.(u), children: nest(u.id) }))
  return nest('')
}

/** unitOptions lists the units for Select, indented by their level. */
export function unitOptions(keep: (u: UnitRow) => boolean = () => true): { value: string; label: string }[] {
  const flat = (nodes: readonly TreeNode[], level: number): { value: string; label: string }[] =>
    nodes.flatMap((n) => [{ value: n.key, label: '\u3000'.repeat(level) + n.label }, ...flat(n.children ?? [], level + 1)])
  return flat(unitTree(), 0).filter((o) => keep(byId.value.get(o.value) as UnitRow))
}
