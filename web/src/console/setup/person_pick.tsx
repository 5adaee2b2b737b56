/** Choosing one person among those who sign in: few enough for a native list. */
import type { VNode } from 'preact'
import { Select } from '../../kit'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { everything } from '../lists'
import type { OfficerRow, Role } from '../types'

/** The roles that write in the office. */
const office: readonly Role[] = ['admin', 'reviewer', 'leader', 'head']

export function PersonPick(props: { label: string; empty: string; value: string; onInput: (officer: string) => void }): VNode {
  const people = useResource(async (signal) => {
    const lists = await Promise.all(office.map((role) =>
      everything<OfficerRow>((cursor) => api.get('/officers', { role, limit: 200, cursor }, signal))))
    return lists.flat()
  }, [])
  return (
    <Select label={props.label} empty={props.empty} value={props.value} onInput={props.onInput}
      options={(people.data ?? []).map((o) => ({ value: o.id, label: `${o.name} · ${o.unit_name}` }))}/>
  )
}
