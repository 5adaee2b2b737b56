/** Small parts that the pages of the work share. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/work'
import { lang } from '../../i18n/lang'
import { Card, Diff, Field, PageHeader, report, Select, Tag, toast, type Tone } from '../../kit'
import { setQuery } from '../../store/location'
import { campaignOf } from '../me'
import type { Problem } from '../problem'
import { refreshWaiting } from '../shell/waiting'
import type { Difference, EventRow, Figure } from '../types'
import { loadUnits, unitOptions } from '../units'
import { fieldWord, short, show } from './show'
import './campaign.css'

/** Paged is one page of a list. */
export interface Paged<T> {
  items: T[]
  next: string
  total?: number
}

/** at is the address of a page of a campaign. */
export const at = (campaign: string, page: string): string => `/c/${campaign}/${page}`

/** pick returns the text of the current language; forms that have no English show their own. */
export const pick = (zh: string, en: string): string => (lang.value === 'en' && en !== '' ? en : zh)

/** labelled names a field that may be an indicator or stand on a row of the form. */
export const labelled = (f: { field: string; label?: string; label_en?: string }): string => fieldWord(f.field, short(pick(f.label ?? '', f.label_en ?? '')))

/** captionOf names the table in a card of that title: two landmarks of one name cannot be told apart. */
export const captionOf = (title: string): string => `${title} · ${t('caption')}`

export interface HeadProps {
  campaign: string
  title: string
  note?: ComponentChildren
  actions?: ComponentChildren
  path?: readonly { label: string; href: string }[]
}

/** Head is the heading of a page; the campaign stands in the top bar, and in the title of the window. */
export function Head({ campaign, title, note, actions, path }: HeadProps): VNode {
  const name = campaignOf(campaign)?.title
  return <PageHeader title={title} {...(path ? { path } : {})} note={note} actions={actions} {...(name ? { product: name } : {})}/>
}

/** useUnits makes the names of units known. */
export function useUnits(): void {
  useEffect(() => void loadUnits().catch(report), [])
}

/** UnitFilter narrows a page to a unit and all below it; the choice stands in the address. */
export function UnitFilter({ value, onChange, bare }: { value: string; onChange?: (unit: string) => void; bare?: boolean }): VNode | null {
  useUnits()
  const options = unitOptions()
  if (options.length < 2) {
    return null
  }
  return (
    <Field label={t('unitFilter')} hideLabel={bare ?? false}>
      <Select value={value} options={options} empty={t('allUnits')} onInput={onChange ?? ((unit) => setQuery({ unit }))}/>
    </Field>
  )
}

const tones: Record<string, Tone> = { received: 'waiting', edited: 'info', issues: 'warning', returned: 'returned', accepted: 'success' }

/** StateTag is where a record stands with the office. */
export const StateTag = ({ state }: { state: string }): VNode => <Tag tone={tones[state] ?? 'neutral'}>{word('state', state)}</Tag>

/** stateTone is the colour of a state. */
export const stateTone = (state: string): Tone => tones[state] ?? 'neutral'

/** Marks are what sets an event apart, in words. */
export function Marks({ event, marks }: { event: EventRow; marks: (key: 'urgent' | 'late' | 'conflict' | 'large' | 'deleted') => string }): VNode {
  return (
    <>
      {event.urgent && <Tag tone="error">{marks('urgent')}</Tag>}
      {Boolean(event.conflicts) && <Tag tone="warning">{marks('conflict')}</Tag>}
      {event.late && <Tag tone="warning">{marks('late')}</Tag>}
      {event.large && <Tag>{marks('large')}</Tag>}
      {event.deleted && <Tag tone="off">{marks('deleted')}</Tag>}
    </>
  )
}

/** Two shows the accepted figure, and the reported one beside it where they differ. */
export function Two({ accepted, reported, label }: { accepted: Figure; reported: Figure; label: (n: string) => string }): VNode {
  const blank = accepted.text === ''
  return (
    <span class="two">
      <span class={blank ? 'two-main no-print' : 'two-main'}>{blank ? '—' : accepted.text}</span>
      {accepted.text !== reported.text && <span class="two-side">{label(reported.text || '—')}</span>}
    </span>
  )
}

/** Item is a card in a list of alike ones: a heading, but no landmark of its own. */
export function Item({ title, actions, children }: { title: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren }): VNode {
  return (
    <Card>
      <div class="item-head"><h2>{title}</h2>{actions && <div class="row">{actions}</div>}</div>
      {children}
    </Card>
  )
}

/** Changes lists what a line changed. Where nothing was before, only what is there now is shown. */
export function Changes({ of }: { of: readonly Difference[] }): VNode | null {
  if (of.length === 0) {
    return null
  }
  return (
    <div>
      {of.map((d) => {
        const [label, before, after] = [labelled(d), show(d.field, d.before), show(d.field, d.after)]
        return before === '' && after !== ''
          ? <div key={d.field} class="diff"><span class="diff-label">{label}</span><span class="diff-values">{after}</span></div>
          : <Diff key={d.field} label={label} before={before} after={after}/>
      })}
    </div>
  )
}

/**
 * settled waits for a decision. What was decided on has moved meanwhile: it is loaded again and the person is told, so that
 * nobody decides on what is no longer there. Other faults go on to whoever called.
 */
export async function settled(campaign: string, decision: Promise<unknown>, reload: () => void): Promise<boolean> {
  try {
    await decision
  } catch (error) {
    if ((error as Problem).code !== 'moved') {
      throw error
    }
    toast(t('moved'), 'warning', 0)
    reload()
    return false
  }
  reload()
  void refreshWaiting(campaign)
  return true
}
