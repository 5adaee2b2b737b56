/** What a phone's state is called, and how it looks. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/devices'
import { colon, listed } from '../../i18n/format'
import { clockOffset, relative } from '../../i18n/spans'
import { Tag } from '../../kit'
import type { DeviceRow } from '../types'

/** A clock that is off by more than two minutes is worth a word. */
const clockTolerance = 120_000
const day = 86_400_000

export const heard = (d: DeviceRow): string =>
  d.last_heard_at ? t('lastHeard', { when: relative(d.last_heard_at, Date.now()) }) : t('never')

/** owed says what a phone declared and the server has not got. */
export function owed(d: DeviceRow): string {
  const parts = [d.owes_lines > 0 && t('owesLines', { n: d.owes_lines }), d.owes_photos > 0 && t('owesPhotos', { n: d.owes_photos }),
    d.missing_originals > 0 && t('originalsMissing', { n: d.missing_originals })]
  return listed(parts.filter((p) => p !== false)) || t('owesNone')
}

export const owes = (d: DeviceRow): boolean => d.owes_lines > 0 || d.owes_photos > 0 || d.missing_originals > 0

/** originals says what has come of the originals that the phone's lines promised, as the server knows it. */
export function originals(d: DeviceRow): string {
  const parts = [t('originalsMissing', { n: d.missing_originals }), d.refused_originals > 0 && t('originalsRefused', { n: d.refused_originals })]
  return d.announced === 0 ? t('owesNone') : t('originalsOf', { n: d.announced }) + colon() + listed(parts.filter((p) => p !== false))
}

export const silent = (d: DeviceRow): boolean => Date.now() - d.last_heard_at > day

export const clockIsOff = (d: DeviceRow): boolean => d.last_heard_at > 0 && Math.abs(d.clock_offset) > clockTolerance

/** States are the tags of a phone, the gravest first. */
export function States({ device: d }: { device: DeviceRow }): VNode {
  return (
    <span class="tags">
      {d.revoked_at > 0 && <Tag tone="off">{t('revoked')}</Tag>}
      {d.forked && <Tag tone="error">{t('forked')}</Tag>}
      {d.behind && <Tag tone="error">{t('behind')}</Tag>}
      {owes(d) && <Tag tone="waiting">{t('owing')}</Tag>}
      {d.revoked_at === 0 && silent(d) && <Tag tone="warning">{d.last_heard_at ? t('silent') : t('never')}</Tag>}
      {d.revoked_at === 0 && !d.forked && !d.behind && !owes(d) && !silent(d) && <Tag tone="success">{t('good')}</Tag>}
    </span>
  )
}

/** clockWord says how the phone's clock differs. The server reports server − phone: a positive one is slow. */
export const clockWord = (d: DeviceRow): string => (d.last_heard_at ? clockOffset(-d.clock_offset) : '—')
