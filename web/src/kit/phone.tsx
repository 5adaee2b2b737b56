/** What only the phone has: bottom bar, counter, and the strip that says what has arrived. */
import type { VNode } from 'preact'
import { number } from '../i18n/format'
import { t } from '../i18n/kit'
import { relative } from '../i18n/spans'
import { now } from '../store/clock'
import { place } from '../store/location'
import { IconButton } from './button'
import { type Icon, IconClock, IconOffline, IconRight, IconSuccess, IconSync, IconUndo, IconWarning } from './icons'

export interface BarItem {
  href: string
  label: string
  icon: Icon
  count?: number | undefined
}

/** BottomBar is the navigation at the bottom of the phone. */
export function BottomBar({ items }: { items: readonly BarItem[] }): VNode {
  const here = '#' + place.value.path
  return (
    <nav class="bottom" aria-label={t('bar')}>
      {items.map((item) => (
        <a key={item.href} class="bottom-item" href={item.href}
          aria-current={here === item.href || here.startsWith(item.href + '/') ? 'page' : undefined}>
          <item.icon size={24}/>
          <span>{item.label}</span>
          {item.count ? <span class="badge">{number(item.count)}</span> : null}
        </a>
      ))}
    </nav>
  )
}

export interface BigCounterProps {
  label: string
  value: number
  unit?: string
  onAdd: (step: number) => void
  /** Takes back the last step; without it there is none. */
  onUndo?: (() => void) | undefined
  /** Further steps beside +1, for what comes by the stack. */
  steps?: readonly number[]
  /** Small, below the figure: the share of other phones. */
  note?: string
}

/** BigCounter counts one indicator: +1 is at least 96 px wide and high. */
export function BigCounter({ label, value, unit, onAdd, onUndo, steps = [], note }: BigCounterProps): VNode {
  return (
    <section class="counter" aria-label={label}>
      <div class="counter-text">
        <span class="counter-label">{label}</span>
        <span class="counter-value" role="status" aria-label={t('counter.value', { label, n: value })}>
          {number(value)}{unit && <span class="stat-unit"> {unit}</span>}
        </span>
        {note && <span class="muted">{note}</span>}
        <span class="row counter-steps">
          {steps.map((step) => (
            <button key={step} type="button" class="btn btn-default counter-step" aria-label={t('counter.add', { label, step })}
              onClick={() => onAdd(step)}>+{step}</button>
          ))}
          {onUndo && <IconButton icon={IconUndo} label={t('counter.undo')} onClick={onUndo}/>}
        </span>
      </div>
      <button type="button" class="counter-add" aria-label={t('counter.add', { label, step: 1 })} onClick={() => onAdd(1)}>+1</button>
    </section>
  )
}

export interface SyncStripProps {
  state: 'ok' | 'waiting' | 'working' | 'offline' | 'error'
  /** Records and photos that the server does not have. */
  records: number
  photos: number
  /** Unix ms of the last answer of the server. */
  last?: number | undefined
  /** The outbox. */
  href: string
}

/** SyncStrip says on every screen what is not uploaded, and leads to the outbox. */
export function SyncStrip({ state, records, photos, last, href }: SyncStripProps): VNode {
  const Shown = { ok: IconSuccess, waiting: IconClock, working: IconSync, offline: IconOffline, error: IconWarning }[state]
  const waits = records + photos > 0
  const owed = [records > 0 && t('sync.records', { n: records }), photos > 0 && t('sync.photos', { n: photos })].filter(Boolean)
  const word = { ok: '', waiting: '', working: t('sync.working'), offline: t('sync.offline'), error: t('sync.error') }[state]
  return (
    <a class={`strip strip-${state}`} href={href}>
      <Shown/>
      <span class="strip-text">
        {[word, ...(waits ? owed : [t('sync.ok')])].filter(Boolean).join(' · ')}
        <span class="strip-last">{last === undefined ? t('sync.never') : t('sync.last', { when: relative(last, now.value) })}</span>
      </span>
      <IconRight size={16}/>
    </a>
  )
}
