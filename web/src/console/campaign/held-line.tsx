/** A line that waits, in words. */
import type { VNode } from 'preact'
import { word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/waiting'
import { dateTime } from '../../i18n/format'
import type { HeldRow } from '../types'
import { Changes } from './parts'
import { person } from './show'

export function HeldLine({ of }: { of: HeldRow }): VNode {
  const named = of.changes.find((c) => c.field === 'title')?.after
  return (
    <div class="held-line">
      <div>
        <strong>{word('op', of.op)}</strong>{of.kind && ` · ${word('record', of.kind)}`} {of.title || (typeof named === 'string' && named) || <span class="muted">{t('h.unknownRecord')}</span>}
      </div>
      <div class="muted small">{person(of.by)} · {t('h.claimed', { when: dateTime(of.claimed_at) })} · {t('h.received', { when: dateTime(of.received_at) })}</div>
      {of.note && <div>{of.note}</div>}
      <Changes of={of.changes}/>
    </div>
  )
}
