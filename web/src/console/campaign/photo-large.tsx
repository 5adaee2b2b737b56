/** One photo large: the picture in its variants, what was recorded and what the file says, and the receipt. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { reasonOf, t } from '../../i18n/console/photos'
import { bytes, dateTime, scaled } from '../../i18n/format'
import { clockOffset, duration } from '../../i18n/spans'
import { Button, DescriptionList, Dialog, type Fact, IconDownload, IconLeft, IconRight, Notice } from '../../kit'
import { href } from '../../store/location'
import { download } from '../api'
import type { PhotoView } from '../types'
import { at } from './parts'
import { nameOf, Shown, UploadTag } from './photo-parts'
import { pathOf, Picture, type Variant } from './picture'
import { person } from './show'

interface LargeProps {
  photo: PhotoView
  onClose: () => void
  onPrev: (() => void) | undefined
  onNext: (() => void) | undefined
}

/** Browsers show these; of other types there is the file alone. */
const shown = new Set(['image/jpeg', 'image/png', 'image/webp'])

export function Large({ photo: p, onClose, onPrev, onNext }: LargeProps): VNode {
  const [variant, setVariant] = useState<Variant>('preview')
  useEffect(() => setVariant('preview'), [p.id])
  useEffect(() => {
    const turn = (e: KeyboardEvent) => {
      const go = e.key === 'ArrowLeft' ? onPrev : e.key === 'ArrowRight' ? onNext : undefined
      if (go && !e.ctrlKey && !e.altKey && !e.metaKey) {
        e.preventDefault()
        go()
      }
    }
    window.addEventListener('keydown', turn)
    return () => window.removeEventListener('keydown', turn)
  }, [onPrev, onNext])
  const may: Variant[] = p.stored ? ['preview', ...(shown.has(p.mime) ? ['original' as const] : []), ...(p.stamped ? ['stamped' as const] : [])] : ['preview']
  return (
    <Dialog open size="wide" title={nameOf(p)} onClose={onClose} footer={(
      <>
        <Button icon={IconLeft} disabled={!onPrev} onClick={onPrev}>{t('prev')}</Button>
        <Button icon={IconRight} disabled={!onNext} onClick={onNext}>{t('next')}</Button>
        {p.stored && <Button icon={IconDownload} onClick={() => download(pathOf(p, 'original'), undefined, { direct: true })}>{t('download')}</Button>}
        {p.stamped && <Button icon={IconDownload} onClick={() => download(pathOf(p, 'stamped'))}>{t('downloadStamped')}</Button>}
      </>
    )}>
      <div class="stack">
        {may.length > 1 && (
          <div class="segments" role="group" aria-label={t('show')}>
            {may.map((v) => <button key={v} type="button" class="segment" aria-pressed={v === variant ? 'true' : 'false'} onClick={() => setVariant(v)}>{t(v)}</button>)}
          </div>
        )}
        <div class="large">{variant === 'preview' ? <Shown of={p}/> : <Picture key={variant} path={pathOf(p, variant)} alt={nameOf(p)}/>}</div>
        {variant === 'stamped' && <p class="muted small">{t('stampedNote')}</p>}
        {p.stored && !shown.has(p.mime) && <p class="muted small">{t('noShow')}</p>}
        <Differences of={p}/>
        <DescriptionList facts={recorded(p)}/>
        <File of={p}/>
        <Twins of={p}/>
      </div>
    </Dialog>
  )
}

function recorded(p: PhotoView): Fact[] {
  const facts: Fact[] = [
    { label: t('f.state'), value: <><UploadTag of={p}/>{p.reason && ` ${reasonOf(p.reason)}`}</> },
    { label: t('f.code'), value: <span class="figure">{p.code}</span> },
    { label: t('f.caption'), value: p.caption || '—' },
    { label: t('f.place'), value: p.place || '—' },
    { label: t('f.taken'), value: p.taken_at ? dateTime(p.taken_at, { exact: true }) : '—' },
    { label: t('f.claimed'), value: p.claimed_at ? dateTime(p.claimed_at, { exact: true }) : '—' },
    { label: t('f.offset'), value: clockOffset(-p.clock_offset) },
    { label: t('f.received'), value: p.received_at ? dateTime(p.received_at) : '—' },
    { label: t('f.by'), value: person(p.by) },
    { label: t('f.unit'), value: p.unit_name },
  ]
  if (p.lat !== undefined && p.lng !== undefined) {
    facts.push({ label: t('f.point'), value: <span class="figure">{point(p.lat, p.lng)}{p.accuracy !== undefined && ` ±${p.accuracy} m`}</span> })
  }
  if (p.event) {
    facts.push({ label: t('f.event'), value: <a href={href(at(p.campaign, `review/${p.unit}/${p.event}`))}>{p.event_title || '—'}</a> })
  }
  facts.push(
    { label: t('f.file'), value: [p.mime, bytes(p.bytes), p.width ? t('pixels', { w: String(p.width), h: String(p.height ?? 0) }) : ''].filter(Boolean).join(' · ') },
    { label: t('f.stored'), value: p.stored_at ? dateTime(p.stored_at) : '—' },
    { label: t('f.receipt'), value: p.receipt ? t('receipt', { log: String(p.receipt.log), seq: String(p.receipt.seq) }) : t('noReceipt') },
    { label: t('f.sha'), value: <span class="hash">{p.sha256}</span> },
  )
  return facts
}

const point = (lat: number, lng: number) => `${scaled(lat, 7)}, ${scaled(lng, 7)}`

/** Differences are said, and nothing is corrected by them. */
function Differences({ of: p }: { of: PhotoView }) {
  if (p.differences.length === 0) {
    return null
  }
  return (
    <Notice kind="warning" title={t('differs')}>
      {p.differences.map((d) => (
        <div key={d.what}>{d.what === 'time'
          ? t('differs.time', { way: t(d.value > 0 ? 'later' : 'earlier'), span: duration(Math.abs(d.value) * 1000) })
          : t('differs.place', { m: d.value })}</div>
      ))}
    </Notice>
  )
}

interface FileFacts {
  taken_at?: string
  offset?: string
  lat?: number
  lng?: number
  make?: string
  model?: string
  software?: string
}

function File({ of: p }: { of: PhotoView }) {
  const f = (p.facts ?? {}) as FileFacts
  const facts: Fact[] = []
  const add = (label: string, value: string) => value && facts.push({ label, value })
  add(t('e.taken'), [f.taken_at, f.offset].filter(Boolean).join(' '))
  add(t('e.device'), [f.make, f.model].filter(Boolean).join(' '))
  add(t('e.point'), f.lat !== undefined && f.lng !== undefined ? point(f.lat, f.lng) : '')
  add(t('e.software'), f.software ?? '')
  if (!p.stored) {
    return null
  }
  return (
    <section>
      <h3>{t('factsTitle')}</h3>
      {facts.length > 0 ? <><p class="muted small">{t('factsNote')}</p><DescriptionList facts={facts}/></> : <p class="muted">{t('e.none')}</p>}
    </section>
  )
}

function Twins({ of: p }: { of: PhotoView }) {
  if (p.alike.length === 0) {
    return null
  }
  return (
    <Notice kind="warning" title={t('alike')}>
      <ul class="lines">
        {p.alike.map((a) => (
          <li key={a.unit + a.id + a.why}><a href={href(at(p.campaign, `review/${a.unit}/${a.event}`))}>{a.event_title}</a> · {a.unit_name} · {t(`alike.${a.why}` as 'alike.near_photo')}</li>
        ))}
      </ul>
    </Notice>
  )
}
