/** The official table: the form as it is printed, every number opens. */
import type { ComponentChildren, VNode } from 'preact'
import { t } from '../../i18n/console/table'
import { dateTime, isoDay } from '../../i18n/format'
import { Button, Card, DateInput, Dialog, Field, IconDownload, IconLock, IconPrint, Loaded, Menu, Notice, Select, Tabs, Tag, Toolbar } from '../../kit'
import { go, href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api, download, type Query } from '../api'
import { campaignOf } from '../me'
import type { TableView } from '../types'
import { CellView } from './cell'
import { FormTable } from './form-table'
import { at, Head, pick, UnitFilter } from './parts'
import { UnitsTable } from './units-table'

/** asked is the part of the address that says which table is meant. */
export function asked(): { unit: string; template: string; date: string } {
  const q = place.value.query
  return { unit: q.get('unit') ?? '', template: q.get('template') ?? '', date: q.get('date') ?? isoDay(Date.now()) }
}

export function Table({ campaign }: { campaign: string }): VNode {
  const query = asked()
  const view = useResource((signal) => api.get<TableView>(`/campaigns/${campaign}/table`, query, signal),
    [campaign, query.unit, query.template, query.date])
  const q = place.value.query
  const row = q.get('row') ?? ''
  const by = q.get('by') === 'units' ? 'units' : 'form'
  const name = view.data?.rows.find((r) => r.code === row)
  return (
    <>
      <Head campaign={campaign} title={t('title')}
        actions={<>
          <Menu label={t('download')} icon={IconDownload} items={downloads(campaign, query)}/>
          <Button icon={IconPrint} onClick={() => window.print()}>{t('print')}</Button>
          <Button icon={IconLock} href={'#' + at(campaign, 'freeze')}>{t('freeze')}</Button>
        </>}/>
      <Toolbar>
        <UnitFilter value={query.unit}/>
        <TemplatePicker view={view.data} value={query.template}/>
        <Field label={t('date')}><DateInput value={query.date} onInput={(date) => setQuery({ date })}/></Field>
      </Toolbar>
      <Loaded of={view} lines={16}>{(v) => (
        <>
          <Standing v={v} campaign={campaign} unit={query.unit}/>
          <Card>
            <Tabs label={t('view')} value={by} onChange={(to) => setQuery({ by: to === 'units' ? to : undefined })}
              tabs={[{ key: 'form', label: t('view.form') }, { key: 'units', label: t('view.units'), count: v.units.length }]}>
              <p class="muted no-print small">{t('legend')}</p>
              {by === 'units'
                ? <UnitsTable v={v} onOpen={(code, unit) => go(href(at(campaign, 'table/' + code), { ...query, unit: unit ?? query.unit }))}/>
                : <FormTable v={v} onOpen={(code) => setQuery({ row: code })}/>}
            </Tabs>
          </Card>
        </>
      )}</Loaded>
      <Dialog open={row !== ''} size="side" title={name ? pick(name.full_label, name.full_label_en) : t('title')} onClose={() => setQuery({ row: undefined })}>
        <CellView campaign={campaign} row={row} query={query} link/>
      </Dialog>
    </>
  )
}

function TemplatePicker({ view, value }: { view: TableView | undefined; value: string }) {
  if (!view || view.templates.length < 2) {
    return null
  }
  const options = view.templates.map((x) => ({ value: x.id, label: pick(x.title, x.title_en) }))
  return (
    <Field label={t('template')}>
      <Select value={value || view.template} options={options} onInput={(template) => setQuery({ template, row: undefined })}/>
    </Field>
  )
}

function downloads(campaign: string, query: Query) {
  const base = `/campaigns/${campaign}/table`
  const { date: _, ...rest } = query
  return [
    { label: t('xlsx'), icon: IconDownload, onSelect: () => download(base + '.xlsx', undefined, query) },
    { label: t('office'), icon: IconDownload, onSelect: () => download(base + '.csv', undefined, { ...query, form: 'office' }) },
    { label: t('canonical'), icon: IconDownload, onSelect: () => download(base + '.csv', undefined, { ...rest, form: 'canonical' }) },
  ]
}

/** Standing says whether the numbers are final, and what to look at. */
function Standing({ v, campaign, unit }: { v: TableView; campaign: string; unit: string }) {
  const review = (query: Record<string, string>) => href(at(campaign, 'review'), { unit, ...query })
  return (
    <div class="stack no-print">
      {v.differs_from_frozen && <Differs v={v} campaign={campaign}/>}
      {v.counting && <Notice kind="warning">{t('counting')}</Notice>}
      <Notice kind={v.draft ? 'warning' : 'success'}>
        {v.draft
          ? <Line text={<><Tag tone="warning">{t('draft')}</Tag> {t('draftNote', { n: v.unreviewed })}</>} action={<Button small href={review({})}>{t('reviewOpen')}</Button>}/>
          : t('final')}
        {v.outside > 0 && <Line text={t('outside', { n: v.outside })} action={<Button small href={review({ state: 'all', flag: 'outside' })}>{t('outsideOpen')}</Button>}/>}
      </Notice>
      {v.warnings.length > 0 && (
        <Notice kind="warning" title={t('warnings')}>
          <ul class="plain">{v.warnings.map((w) => <li key={w.text}>{pick(w.text, w.text_en)}</li>)}</ul>
        </Notice>
      )}
    </div>
  )
}

/** Differs says that the table is not the one that was frozen, and leads to where that is amended or frozen again. */
function Differs({ v, campaign }: { v: TableView; campaign: string }) {
  const last = v.frozen[v.frozen.length - 1]
  const which = last && (last.number === 0 ? t('f.first') : t('f.nth', { n: last.number }))
  const key = campaignOf(campaign)?.state === 'frozen' ? 'differs.frozen' : 'differs.amending'
  return (
    <Notice kind="warning" title={t('differs')} actions={<Button small icon={IconLock} href={'#' + at(campaign, 'freeze')}>{t('freeze')}</Button>}>
      {t(key, { when: last ? dateTime(last.created_at) : '', which: which ?? '' })}
    </Notice>
  )
}

const Line = ({ text, action }: { text: ComponentChildren; action: VNode }) => <div class="line-between"><span>{text}</span>{action}</div>
