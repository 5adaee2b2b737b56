/** The photos of a campaign, with filters, the look-up by code, and the album. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/photos'
import { bytes, colon, instant, number } from '../../i18n/format'
import { Button, DateInput, Dialog, EmptyState, Field, Form, IconDownload, IconPhoto, IconPrint, Loaded, Pager, RadioGroup, SearchBox, Select, toast, Toolbar, useCursor } from '../../kit'
import { href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api, type Query, url } from '../api'
import type { AlbumTicket, PhotoSum, PhotoView } from '../types'
import { unitName } from '../units'
import { at, Head, type Paged, UnitFilter } from './parts'
import { Tiles } from './photo-parts'

const names = ['q', 'code', 'sort', 'from', 'to', 'unit'] as const
const states = ['all', 'stored', 'missing', 'refused'] as const

/** chosen is what the address asks of the list, without the state. */
export function chosen(q: URLSearchParams): Query {
  const day = (name: string, add: number) => {
    const ms = instant(q.get(name) + 'T00:00')
    return ms === undefined ? undefined : ms + add
  }
  return {
    unit: q.get('unit') ?? '', q: q.get('q') ?? '', code: q.get('code') ?? '', sort: q.get('sort') ?? '', event: q.get('event') ?? '', event_unit: q.get('event_unit') ?? '',
    from: q.get('from') ? day('from', 0) : undefined, to: q.get('to') ? day('to', 86_400_000) : undefined,
  }
}

export function Photos({ campaign }: { campaign: string }): VNode {
  const q = place.value.query
  const state = q.get('state') ?? 'all'
  const query = chosen(q)
  const key = JSON.stringify([query, state])
  const cursor = useCursor()
  const [album, setAlbum] = useState(false)
  const page = useResource((signal) => api.get<Paged<PhotoView>>(`/campaigns/${campaign}/photos`,
    { ...query, state: state === 'all' ? '' : state, cursor: cursor.cursor, limit: 60 }, signal), [campaign, key, cursor.cursor])
  const sums = useResource((signal) => api.get<{ sums: PhotoSum[] }>(`/campaigns/${campaign}/photos/sums`, query, signal), [campaign, JSON.stringify(query)])
  const set = (name: string) => (value: string) => {
    cursor.reset()
    setQuery({ [name]: value || undefined })
  }
  const used = names.some((n) => q.get(n))
  const unit = q.get('unit') ?? ''
  return (
    <>
      <Head campaign={campaign} title={t('title')} note={t('note')} actions={(
        <>
          <Button icon={IconDownload} onClick={() => setAlbum(true)}>{t('album')}</Button>
          <Button icon={IconPrint} href={href(at(campaign, 'photos/print'), Object.fromEntries(q))}>{t('print')}</Button>
        </>
      )}/>
      <Toolbar>
        <SearchBox value={q.get('q') ?? ''} onSearch={set('q')} placeholder={t('search')}/>
        <UnitFilter value={unit} onChange={set('unit')}/>
        <Field label={t('sort')}>
          <Select value={q.get('sort') ?? ''} empty={t('any')} onInput={set('sort')} options={(['photo', 'video'] as const).map((s) => ({ value: s as string, label: t(`sort.${s}`) }))}/>
        </Field>
        <Field label={t('from')}><DateInput value={q.get('from') ?? ''} onInput={set('from')}/></Field>
        <Field label={t('to')}><DateInput value={q.get('to') ?? ''} onInput={set('to')}/></Field>
        <SearchBox label={t('code')} value={q.get('code') ?? ''} onSearch={set('code')} placeholder={t('code')}/>
        {used && <Button kind="link" onClick={() => {
          cursor.reset()
          setQuery(Object.fromEntries(names.map((n) => [n, undefined])))
        }}>{t('clear')}</Button>}
      </Toolbar>
      <div class="segments" role="group" aria-label={t('f.state')}>
        {states.map((s) => (
          <button key={s} type="button" class="segment" aria-pressed={s === state ? 'true' : 'false'} onClick={() => {
            cursor.reset()
            setQuery({ state: s === 'all' ? undefined : s })
          }}>{t(`state.${s}`)}{sums.data && <span class="segment-count figure">{number(count(sums.data.sums, s))}</span>}</button>
        ))}
      </div>
      <Loaded of={page} lines={10}>{(p) => (
        <>
          {p.items.length === 0 && <EmptyState icon={IconPhoto} title={t(used || state !== 'all' ? 'emptyFilter' : 'empty')} text={used || state !== 'all' ? undefined : t('emptyText')}/>}
          {p.items.length > 0 && <Tiles photos={p.items} label={t('list')} events/>}
          {(p.next || cursor.cursor) && <Pager {...cursor.pager(p.next)} loading={page.loading}/>}
        </>
      )}</Loaded>
      {album && <Album campaign={campaign} unit={unit} onClose={() => setAlbum(false)}/>}
    </>
  )
}

/** count adds up what a filter by state selects. */
function count(sums: readonly PhotoSum[], state: typeof states[number]): number {
  const of = state === 'all' ? undefined : state === 'missing' ? ['announced', 'partial'] : [state]
  return sums.reduce((n, s) => (!of || of.includes(s.state) ? n + s.photos : n), 0)
}

interface AlbumProps {
  campaign: string
  unit?: string
  /** The album of one event. */
  event?: { unit: string; id: string; title: string }
  onClose: () => void
}

/** Album asks for a ticket and lets the browser fetch the zip itself: it may be larger than memory. */
export function Album({ campaign, unit, event, onClose }: AlbumProps): VNode {
  const [what, setWhat] = useState<'originals' | 'stamped'>('originals')
  const scope = event ? { event: event.id, event_unit: event.unit } : { unit: unit ?? '' }
  const sums = useResource((signal) => api.get<{ sums: PhotoSum[] }>(`/campaigns/${campaign}/photos/sums`, scope, signal), [campaign, unit, event?.id])
  const start = async () => {
    const made = await api.post<AlbumTicket>(`/campaigns/${campaign}/album`, { ...(event ? scope : unit ? { unit } : {}), stamped: what === 'stamped' })
    const link = document.createElement('a')
    link.href = url(`/campaigns/${campaign}/album`, { ticket: made.ticket })
    link.download = ''
    document.body.append(link)
    link.click()
    link.remove()
    toast(t('album.begun'))
    onClose()
  }
  return (
    <Dialog open size="small" title={t('album')} onClose={onClose}>
      <Form submit={t('album.start')} onCancel={onClose} onSubmit={start}>
        <p class="muted small">{t('albumText')}</p>
        <p>{t('album.scope')}{colon()}<strong>{event?.title ?? (unit ? unitName(unit) : t('album.all'))}</strong></p>
        <Loaded of={sums} lines={1}>{(s) => {
          const stored = s.sums.find((x) => x.state === 'stored')
          const missing = s.sums.reduce((n, x) => (x.state === 'stored' ? n : n + x.photos), 0)
          return (
            <p>{stored ? t('album.count', { n: stored.photos, bytes: bytes(stored.bytes) }) : t('album.empty')}{missing > 0 && <><br/><span class="muted small">{t('album.missing', { n: missing })}</span></>}</p>
          )
        }}</Loaded>
        <Field label={t('album.what')} name="what" group>
          <RadioGroup value={what} onInput={setWhat} options={(['originals', 'stamped'] as const).map((v) => ({ value: v, label: t(`album.${v}`), hint: t(`album.${v}Text`) }))}/>
        </Field>
      </Form>
    </Dialog>
  )
}
