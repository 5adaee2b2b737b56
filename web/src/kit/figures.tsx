/** Figures and facts. */
import type { ComponentChildren, VNode } from 'preact'
import { useId } from 'preact/hooks'
import { number } from '../i18n/format'
import { t } from '../i18n/kit'
import { clock } from '../i18n/spans'
import { now } from '../store/clock'
import type { Tone } from './surfaces'

export interface StatProps {
  label: string
  /** A number gets separators; undefined shows a dash: not known, which is not 0. */
  value: number | string | undefined
  unit?: string
  hint?: ComponentChildren
  tone?: Tone
  href?: string
}

/** Stat is one figure with its label. Put several into a Stats. */
export function Stat({ label, value, unit, hint, tone, href }: StatProps): VNode {
  const shown = typeof value === 'number' ? number(value) : (value ?? '—')
  const inside = (
    <>
      <span class="stat-label">{label}</span>
      <span class="stat-value">{shown}{unit && <span class="stat-unit"> {unit}</span>}</span>
      {hint && <span class="stat-hint">{hint}</span>}
    </>
  )
  const look = `stat stat-${tone ?? 'neutral'}`
  return href ? <a class={look} href={href}>{inside}</a> : <div class={look}>{inside}</div>
}

/** Stats is a row of figures. */
export function Stats({ children }: { children: ComponentChildren }): VNode {
  return <div class="stats">{children}</div>
}

export interface Fact {
  label: string
  value: ComponentChildren
}

/** DescriptionList is a list of facts, in columns where there is room. */
export function DescriptionList({ facts, columns = 2 }: { facts: readonly Fact[]; columns?: 1 | 2 | 3 }): VNode {
  return (
    <dl class={`facts facts-${columns}`}>
      {facts.map((f) => <div key={f.label} class="fact"><dt>{f.label}</dt><dd>{f.value}</dd></div>)}
    </dl>
  )
}

export interface ProgressProps {
  label: string
  done: number
  total: number
  /** Behind the label, instead of 3 / 12. */
  text?: string
}

/** Progress is a native progress bar with its label and numbers. */
export function Progress({ label, done, total, text }: ProgressProps): VNode {
  const id = useId()
  return (
    <div class="progress">
      <div class="progress-line">
        <label for={id}>{label}</label>
        <span class="figure">{text ?? t('progress.of', { done, total })}</span>
      </div>
      <progress id={id} value={done} max={Math.max(total, 1)}/>
    </div>
  )
}

export interface CountdownProps {
  /** Unix ms. */
  to: number
  /** Shown once it is over. */
  past?: string
}

/** Countdown runs by the second for the eye and says nothing by itself to a screen reader. */
export function Countdown({ to, past }: CountdownProps): VNode {
  const left = to - now.value
  if (left <= 0) {
    return <span class="countdown countdown-past">{past ?? t('countdown.past')}</span>
  }
  const days = Math.floor(left / 86_400_000)
  const rest = clock(left % 86_400_000).padStart(8, '0').replace(/^0+(\d\d:\d\d)$/, '00:$1')
  return (
    <span class={days === 0 ? 'countdown countdown-near' : 'countdown'} role="timer" aria-live="off">
      {days > 0 ? t('countdown.left', { days, clock: rest }) : rest}
    </span>
  )
}
