/** The list of the review: two lines an event, dense enough to compare. */
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/review'
import { number } from '../../i18n/format'
import { Checkbox } from '../../kit'
import type { EventRow } from '../types'
import { Marks, pick, StateTag } from './parts'
import { dayTime, short } from './show'

/** keyOf names an event within its campaign. */
export const keyOf = (e: { unit: string; id: string }): string => `${e.unit}.${e.id}`

export interface EventListProps {
  rows: readonly EventRow[]
  current: string
  onOpen: (e: EventRow) => void
  /** Without it there are no check boxes. */
  selected?: ReadonlySet<string> | undefined
  onSelect: (selected: Set<string>) => void
}

export function EventList({ rows, current, onOpen, selected, onSelect }: EventListProps): VNode {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const open = list.current?.querySelector<HTMLElement>('[aria-current]')
    open?.scrollIntoView?.({ block: 'nearest' })
    // The focus goes along only when it was in the list: the keyboard may be used from anywhere.
    if (open && list.current?.contains(document.activeElement) && document.activeElement?.classList.contains('queue-open')) {
      open.focus({ preventScroll: true })
    }
  }, [current])
  return (
    <ul class="queue" ref={list}>
      {rows.map((e) => {
        const key = keyOf(e)
        const on = key === current
        return (
          <li key={key} class={on ? 'queue-row queue-on' : 'queue-row'}>
            {selected && <Checkbox checked={selected.has(key)} label={e.title} onInput={(next) => onSelect(change(selected, key, next))}/>}
            <button type="button" class="queue-open" aria-current={on ? 'true' : undefined} onClick={() => onOpen(e)}>
              <span class="queue-line">
                <span class="queue-title">{e.title || word('kind', e.kind)}</span>
                <StateTag state={e.state}/>
              </span>
              <span class="queue-line muted small">
                <span>{e.unit_name} · {word('kind', e.kind)}{e.venue && ` · ${word('venue', e.venue)}`}</span>
                <span class="figure nowrap">{dayTime(e.started_at)}</span>
              </span>
              <span class="queue-line small">
                <span class="muted">{summary(e)}</span>
                <span class="queue-marks"><Marks event={e} marks={(m) => t(`mark.${m}`)}/></span>
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** summary is the first counts of an event and how many photos it has. */
function summary(e: EventRow): string {
  const counts = e.tallies.slice(0, 2).map((x) => `${short(pick(x.label, x.label_en)) || x.indicator} ${number(x.sum)}`)
  return [...counts, e.photos > 0 ? t('photosN', { n: e.photos }) : t('noPhotos')].join(' · ')
}

function change(all: ReadonlySet<string>, key: string, on: boolean): Set<string> {
  const next = new Set(all)
  if (on) {
    next.add(key)
  } else {
    next.delete(key)
  }
  return next
}
