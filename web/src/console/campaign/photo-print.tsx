/** The contact sheet: A4 pages with four photos each, time, place and content below them, a new page for each unit. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../i18n/console/photos'
import { dateTime } from '../../i18n/format'
import { Button, EmptyState, IconPhoto, IconPrint, Loaded, Notice } from '../../kit'
import { place } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { campaignOf } from '../me'
import type { PhotoView } from '../types'
import { at, Head, type Paged } from './parts'
import { Shown } from './photo-parts'
import { chosen } from './photos'

const perPage = 4
const most = 400

interface Sheet {
  unit: string
  photos: PhotoView[]
  i: number
  n: number
}

export function PhotoPrint({ campaign }: { campaign: string }): VNode {
  const q = place.value.query
  const query = { ...chosen(q), state: q.get('state') === 'all' ? '' : q.get('state') ?? '', order: 'old', limit: 200 }
  const list = useResource(async (signal) => {
    const photos: PhotoView[] = []
    let cursor = ''
    do {
      const page: Paged<PhotoView> = await api.get(`/campaigns/${campaign}/photos`, { ...query, cursor }, signal)
      photos.push(...page.items)
      cursor = page.next
    } while (cursor && photos.length < most)
    return { photos, more: cursor !== '' }
  }, [campaign, JSON.stringify(query)])
  const [done, setDone] = useState(0)
  useEffect(() => setDone(0), [list.data])
  const pictures = list.data?.photos.filter((p) => p.preview).length ?? 0
  const waits = done < pictures
  return (
    <>
      <div class="no-print">
        <Head campaign={campaign} title={t('print')} note={t('print.note')} path={[{ label: t('title'), href: '#' + at(campaign, 'photos') }]}
          actions={<Button kind="primary" icon={IconPrint} busy={waits} disabled={!list.data?.photos.length} onClick={() => window.print()}>{t('print.do')}</Button>}/>
        {list.data?.more && <Notice kind="warning">{t('print.some', { n: list.data.photos.length })}</Notice>}
      </div>
      <Loaded of={list} lines={10}>{(l) => l.photos.length === 0
        ? <EmptyState icon={IconPhoto} title={t('none')}/>
        : <div class="contacts">{sheets(l.photos).map((s) => <Page key={s.unit + s.i} campaign={campaign} of={s} onDone={() => setDone((n) => n + 1)}/>)}</div>}</Loaded>
    </>
  )
}

/** sheets lays photos out: by unit, four to a page. */
function sheets(photos: readonly PhotoView[]): Sheet[] {
  const units = new Map<string, PhotoView[]>()
  for (const p of photos) {
    units.set(p.unit, [...(units.get(p.unit) ?? []), p])
  }
  return [...units.values()].flatMap((of) => {
    const n = Math.ceil(of.length / perPage)
    return Array.from({ length: n }, (_, i) => ({ unit: of[0]?.unit_name ?? '', photos: of.slice(i * perPage, (i + 1) * perPage), i: i + 1, n }))
  })
}

function Page({ campaign, of: s, onDone }: { campaign: string; of: Sheet; onDone: () => void }) {
  return (
    <section class="contact" aria-label={`${s.unit} ${t('print.page', { i: s.i, n: s.n })}`}>
      <header class="contact-head"><span>{campaignOf(campaign)?.title} {t('print.title')}</span><span>{s.unit}</span></header>
      <div class="contact-grid">
        {s.photos.map((p) => (
          <figure key={p.id} class="contact-photo">
            <Shown of={p} eager onDone={onDone}/>
            <figcaption>
              <dl>
                <div><dt>{t('print.time')}</dt><dd>{dateTime(p.taken_at || p.claimed_at)}</dd></div>
                <div><dt>{t('print.place')}</dt><dd>{p.place || '　'}</dd></div>
                <div><dt>{t('print.caption')}</dt><dd><span>{p.event_title}</span>{p.event_title && p.caption && ' · '}<span>{p.caption}</span></dd></div>
                <div class="contact-small"><dt>{t('print.code')}</dt><dd>{p.code} · {t('print.by')} <span>{p.by.officer_name}</span></dd></div>
              </dl>
            </figcaption>
          </figure>
        ))}
      </div>
      <footer class="contact-foot">{t('print.page', { i: s.i, n: s.n })}</footer>
    </section>
  )
}
