/** Values of records as people read them. */
import { plain, word } from '../../i18n/console/codes'
import { aside, date, dateTime, listed, number, time, yuan } from '../../i18n/format'
import type { Person } from '../types'
import { unitName } from '../units'

const times = new Set(['started_at', 'ended_at', 'first_aired_at', 'taken_at', 'approved_on', 'dated'])
const coded = new Set(['kind', 'venue', 'channel', 'form', 'meeting_type', 'category'])

/** show returns the value of a field in words; empty for nothing, which is not 0. */
export function show(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return ''
  }
  if (typeof value === 'boolean') {
    return plain(value ? 'yes' : 'no')
  }
  if (typeof value === 'number') {
    return numeric(field, value)
  }
  if (Array.isArray(value)) {
    return listed(value.map(String))
  }
  if (field === 'counts_for') {
    return unitName(String(value)) || String(value)
  }
  if (field === 'review' || field === 'duplicate') {
    return word(field === 'review' ? 'state' : 'verdict', String(value))
  }
  return coded.has(field) ? word(field, String(value)) : typeof value === 'string' ? value : JSON.stringify(value)
}

function numeric(field: string, value: number): string {
  if (times.has(field)) {
    return dateTime(value)
  }
  if (field === 'lat' || field === 'lng') {
    return (value / 1e7).toFixed(6)
  }
  return field === 'value' ? yuan(value) : number(value)
}

/** fieldWord names a field. staff.<unit> says whose people; the label is that of an indicator or of the form's row. */
export function fieldWord(field: string, label = ''): string {
  const dot = field.indexOf('.')
  if (dot > 0) {
    const whose = unitName(field.slice(dot + 1)) || label
    return word('field', field.slice(0, dot)) + (whose ? aside(whose) : '')
  }
  return label || word('field', field)
}

/** person names who wrote something and with what; what nobody wrote the system did. */
export function person(p: Person): string {
  if (!p.officer_name) {
    return plain('system')
  }
  const hand = p.office ? plain('office') : p.device_name
  return hand ? `${p.officer_name} · ${hand}` : p.officer_name
}

/** quantity reads thousandths of a unit: 12500 kg is 12.5 kg. */
export const quantity = (thousandths: number, unit: string): string => `${number(thousandths / 1000)} ${unit}`

/** day is a date of this campaign, where the year goes without saying. */
export const day = (ms: number): string => date(ms).replace(/^\d+年| \d{4}$/, '')

/** dayTime is day with the time. */
export const dayTime = (ms: number): string => `${day(ms)} ${time(ms)}`

/** short is the last part of a label that carries its groups: a list has no room for more. */
export const short = (label: string): string => label.split('·').pop() ?? label
