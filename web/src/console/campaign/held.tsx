/** What phones sent and cannot be counted yet, by its cause. */
import type { VNode } from 'preact'
import { codes, word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/waiting'
import { number } from '../../i18n/format'
import { Button, confirm, EmptyState, IconSuccess, Loaded, Notice, Pager, Toolbar, toast, useCursor } from '../../kit'
import { href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { mayEverywhere } from '../me'
import type { CauseCount, HeldRow } from '../types'
import { mayIn } from '../units'
import { HeldLine } from './held-line'
import { at, Head, Item, type Paged, settled, UnitFilter } from './parts'

type Page = Paged<HeldRow> & { causes: CauseCount[] }

export function Held({ campaign }: { campaign: string }): VNode {
  const q = place.value.query
  const unit = q.get('unit') ?? ''
  const cause = q.get('cause') ?? ''
  const cursor = useCursor()
  const page = useResource((signal) => api.get<Page>('/held', { campaign, unit, cause, cursor: cursor.cursor }, signal), [campaign, unit, cause, cursor.cursor])
  return (
    <>
      <Head campaign={campaign} title={t('h.title')} note={t('h.note')}/>
      <Toolbar><UnitFilter value={unit} onChange={(to) => {
        cursor.reset()
        setQuery({ unit: to })
      }}/></Toolbar>
      <Loaded of={page} lines={8}>{(p) => (
        <>
          <Causes causes={p.causes} value={cause} onChange={(to) => {
            cursor.reset()
            setQuery({ cause: to })
          }}/>
          {cause && <Explained cause={cause}/>}
          {p.items.length === 0 && <EmptyState icon={IconSuccess} title={t('h.empty')} text={t('h.emptyText')}/>}
          {p.items.map((h) => <Line key={`${h.log}.${h.seq}`} campaign={campaign} of={h} explain={!cause} reload={page.reload}/>)}
          {(p.next || cursor.cursor) && <Pager {...cursor.pager(p.next)} total={p.total} loading={page.loading}/>}
        </>
      )}</Loaded>
    </>
  )
}

function Causes({ causes, value, onChange }: { causes: readonly CauseCount[]; value: string; onChange: (cause: string) => void }) {
  const total = causes.reduce((sum, c) => sum + c.lines, 0)
  const one = (cause: string, label: string, n: number) => (
    <button key={cause} type="button" class="segment" aria-pressed={cause === value ? 'true' : 'false'} onClick={() => onChange(cause)}>
      {label}<span class="segment-count figure">{number(n)}</span>
    </button>
  )
  if (total === 0) {
    return null
  }
  return <div class="segments" role="group" aria-label={t('h.cause')}>{one('', t('h.all'), total)}{causes.map((c) => one(c.cause, word('cause', c.cause), c.lines))}</div>
}

/** explained is why lines of a cause wait and what helps; undefined for a cause of a later version. */
function explained(cause: string): string | undefined {
  return codes('cause').includes(cause) && `cause.${cause}` in t.zh ? t(`cause.${cause}` as 'cause.behind') : undefined
}

function Explained({ cause }: { cause: string }) {
  const text = explained(cause)
  return text ? <Notice title={word('cause', cause)}>{text}</Notice> : null
}

interface LineProps {
  campaign: string
  of: HeldRow
  explain: boolean
  reload: () => void
}

function Line({ campaign, of, explain, reload }: LineProps) {
  const known = of.campaign !== '' && of.unit !== ''
  const may = known ? mayIn('review', of.unit, of.campaign) : mayEverywhere('manage')
  const act = async (what: 'release' | 'reject') => {
    const reason = await confirm({
      title: t(`h.${what}Title`), body: <><p>{t(`h.${what}Text`)}</p><HeldLine of={of}/></>, action: t(`h.${what}`), danger: what === 'reject', reason: 'required',
    })
    if (reason !== undefined && await settled(campaign, api.post(`/held/${of.log}/${of.seq}/${what}`, { reason }), reload)) {
      toast(t(what === 'release' ? 'h.released' : 'h.rejected'))
    }
  }
  const open = of.kind === 'event' && of.title !== '' ? href(at(campaign, `review/${of.unit}/${of.id}`)) : ''
  return (
    <Item title={<>{of.unit_name || t('h.noUnit')} <span class="muted small">{word('cause', of.cause)}</span></>}
      actions={<>
        {open && <Button kind="link" small href={open}>{t('c.open')}</Button>}
        {may && <Button small onClick={() => act('release')}>{t('h.release')}</Button>}
        {may && <Button small onClick={() => act('reject')}>{t('h.reject')}</Button>}
      </>}>
      <HeldLine of={of}/>
      {explain && <p class="muted small">{explained(of.cause)}</p>}
      {!known && !may && <p class="muted small">{t('h.noUnitText')}</p>}
    </Item>
  )
}
