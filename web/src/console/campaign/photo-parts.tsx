/** Photos as tiles: the picture, or the gap with its name where there is none. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { reasonOf, t } from '../../i18n/console/photos'
import { dateTime } from '../../i18n/format'
import { IconPhoto, Tag, type Tone } from '../../kit'
import type { PhotoView } from '../types'
import { pathOf, Picture } from './picture'
import { Large } from './photo-large'

const tones: Record<string, Tone> = { announced: 'waiting', partial: 'info', stored: 'success', refused: 'error' }

/** UploadTag is how far the original has come; the list of photos and the event say it in the same words. */
export const UploadTag = ({ of: p }: { of: PhotoView }): VNode => <Tag tone={tones[p.state] ?? 'neutral'}>{t(`state.${p.state}` as 'state.stored')}</Tag>

/** nameOf is what a photo is called to people. */
export const nameOf = (p: PhotoView): string => p.caption || p.code || t('unnamed')

/** gapOf says why there is no picture to see. */
export function gapOf(p: PhotoView): string {
  if (p.state === 'refused') {
    return [t('gap.refused'), reasonOf(p.reason)].filter(Boolean).join(' · ')
  }
  if (p.state === 'stored') {
    return t(p.video ? 'gap.video' : 'gap.none')
  }
  return t(p.state === 'partial' ? 'gap.partial' : 'gap.announced')
}

/** Shown is the preview of a photo, or its gap. Silent: its name stands beside it. */
export function Shown({ of: p, eager, silent, onDone }: { of: PhotoView; eager?: boolean; silent?: boolean; onDone?: () => void }): VNode {
  return p.preview
    ? <Picture path={pathOf(p, 'preview')} alt={silent ? '' : p.caption || t('unnamed')} eager={eager ?? false} {...(onDone ? { onDone } : {})}/>
    : <span class="picture"><span class="picture-gap"><IconPhoto size={28}/>{gapOf(p)}</span></span>
}

/** Tiles shows photos; each opens large, and from there the ones before and after it. */
export function Tiles({ photos, label, events }: { photos: readonly PhotoView[]; label: string; events?: boolean }): VNode {
  const [at, setAt] = useState<number | undefined>(undefined)
  const open = at === undefined ? undefined : photos[at]
  return (
    <>
      <ul class="tiles" aria-label={label}>
        {photos.map((p, i) => (
          <li key={p.unit + p.id} class={p.state === 'stored' ? 'tile' : 'tile tile-open'}>
            <button type="button" class="tile-button" onClick={() => setAt(i)}><span class="unseen">{t('open', { name: nameOf(p) })} </span><Shown of={p} silent/></button>
            <div class="tile-text">
              <div class="line-between"><UploadTag of={p}/>{p.video && <Tag>{t('video')}</Tag>}</div>
              <div class="tile-name">{nameOf(p)}</div>
              {p.state === 'refused' && p.reason && <div class="small bad">{reasonOf(p.reason)}</div>}
              <div class="small muted">{p.taken_at ? dateTime(p.taken_at) : dateTime(p.claimed_at)}</div>
              {events && <div class="small muted">{p.unit_name}{p.event_title && ` · ${p.event_title}`}</div>}
              {p.differences.length > 0 && <div class="small"><Tag tone="warning">{t('differs')}</Tag></div>}
              {p.alike.length > 0 && <div class="small"><Tag tone="warning">{t(`alike.${p.alike[0]?.why ?? 'near_photo'}` as 'alike.near_photo')}</Tag></div>}
            </div>
          </li>
        ))}
      </ul>
      {open && <Large photo={open} onClose={() => setAt(undefined)}
        onPrev={at ? () => setAt(at - 1) : undefined} onNext={at !== undefined && at + 1 < photos.length ? () => setAt(at + 1) : undefined}/>}
    </>
  )
}
