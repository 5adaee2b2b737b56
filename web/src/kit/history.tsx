/** What happened, and what it changed. */
import type { ComponentChildren, VNode } from 'preact'
import { dateTime, chinaTime } from '../i18n/format'
import { t } from '../i18n/kit'
import type { Tone } from './surfaces'

export interface Moment {
  key: string
  /** Unix ms. */
  at: number
  title: ComponentChildren
  /** Who did it. */
  by?: string
  tone?: Tone
  /** A reason, a Diff … */
  body?: ComponentChildren
}

/** Timeline lists moments in the order given. */
export function Timeline({ moments, label, zone = chinaTime }: { moments: readonly Moment[]; label?: string; zone?: string }): VNode {
  return (
    <ol class="timeline" aria-label={label}>
      {moments.map((m) => (
        <li key={m.key} class={`moment moment-${m.tone ?? 'neutral'}`}>
          <div class="moment-line">
            <span class="moment-title">{m.title}</span>
            <span class="moment-by">
              {m.by && <span>{m.by}</span>}
              <time class="figure" dateTime={new Date(m.at).toISOString()}>{dateTime(m.at, { zone })}</time>
            </span>
          </div>
          {m.body && <div class="moment-body">{m.body}</div>}
        </li>
      ))}
    </ol>
  )
}

export interface DiffProps {
  label: string
  /** Empty or undefined: nothing was there. */
  before?: string | number | undefined
  after?: string | number | undefined
}

/** Diff shows how a field changed. */
export function Diff({ label, before, after }: DiffProps): VNode {
  const shown = (v: string | number | undefined) => (v === undefined || v === '' ? t('diff.empty') : v)
  return (
    <div class="diff">
      <span class="diff-label">{label}</span>
      <span class="diff-values">
        <span class="unseen">{t('diff.before')} </span><del>{shown(before)}</del>
        <span aria-hidden="true"> → </span>
        <span class="unseen">{t('diff.after')} </span><ins>{shown(after)}</ins>
      </span>
    </div>
  )
}
