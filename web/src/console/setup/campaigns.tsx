/** All campaigns, and a new one. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/campaigns'
import { stateWord } from '../../i18n/console/words'
import { dayText, instant } from '../../i18n/format'
import {
  Button, Card, Checkbox, type Column, DataTable, EmptyState, IconCalendar, IconPlus, Loaded, LoadFault, PageHeader, Pager, report, Tag, toast,
} from '../../kit'
import { go } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { usePaged } from '../lists'
import { loadMe, may, me } from '../me'
import { campaignTones } from '../shell/campaigns'
import type { Campaign } from '../types'
import { loadUnits, mayIn, unitName, units } from '../units'
import { campaignSpecs, checkDays, TemplateChoice } from './campaign_form'
import { EditForm, type Values } from './fields'

export function Campaigns(): VNode {
  useResource(loadUnits, [])
  const { page, rows, pager } = usePaged<Campaign>('/campaigns')
  const add = may('manage') && <Button kind="primary" icon={IconPlus} href="#/campaigns/new">{t('add')}</Button>
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={add}/>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <DataTable caption={t('title')} columns={columns()} rows={rows} rowKey={(c) => c.id} rowHref={(c) => `#/c/${c.id}/overview`} loading={page.loading}
        empty={<EmptyState icon={IconCalendar} title={t('none')} text={t('noneText')} action={add}/>}/>
      <Pager {...pager}/>
    </>
  )
}

function columns(): Column<Campaign>[] {
  return [
    { key: 'title', label: t('col.title'), cell: (c) => c.title, main: true },
    { key: 'year', label: t('year'), cell: (c) => String(c.year), nowrap: true },
    { key: 'window', label: t('window'), cell: (c) => t('range', { from: dayText(c.first_day), to: dayText(c.last_day) }), nowrap: true },
    { key: 'unit', label: t('unit'), cell: (c) => unitName(c.unit) },
    {
      key: 'state', label: t('state'), nowrap: true,
      cell: (c) => <><Tag tone={campaignTones[c.state]}>{stateWord(c.state)}</Tag>{c.amendment > 0 && ' ' + t('amended', { n: c.amendment })}</>,
    },
  ]
}

/** CampaignNew begins with what most bureaus do: 1 to 20 March, the first table. */
export function CampaignNew(): VNode {
  const loading = useResource(loadUnits, [])
  const [templates, setTemplates] = useState<string>()
  const [handins, setHandins] = useState(true)
  const year = comingYear(new Date())
  const create = async (_: Values, all: Values) => {
    checkDays(all)
    if (templates === '') {
      throw { message: t('templatesNone'), fields: { templates: t('templatesNone') } }
    }
    const made = await api.post<Campaign>('/campaigns', { ...all, zone: 'Asia/Shanghai', templates })
    if (handins) { // the campaign stands even when this fails: it can be done by hand
      await addHandIns(made).catch(report)
    }
    await loadMe()
    toast(t('created'))
    go(`#/c/${made.id}/settings?tab=state`)
  }
  return (
    <>
      <PageHeader title={t('new.title')} note={t('new.note')} path={[{ label: t('title'), href: '#/campaigns' }]}/>
      <Card>
        <div class="medium">
          <Loaded of={loading}>{() => (
            <EditForm specs={campaignSpecs((u) => mayIn('manage', u.id))} from={defaults(year)} submit={t('create')} onSave={create}>
              <TemplateChoice value={templates} onInput={setTemplates}/>
              <Checkbox checked={handins} onInput={setHandins}>{t('handinsToo')}</Checkbox>
            </EditForm>
          )}</Loaded>
        </div>
      </Card>
    </>
  )
}

/** comingYear is the year of the next 15 March: from April on people prepare the next one. */
const comingYear = (now: Date) => now.getFullYear() + (now.getMonth() >= 3 ? 1 : 0)

function defaults(year: number): Values {
  const own = me.value?.officer.unit ?? ''
  return {
    title: t('defaultTitle', { year: String(year) }), year, theme: '', active_from: '', active_to: '',
    first_day: `${year}-03-01`, last_day: `${year}-03-20`,
    unit: mayIn('manage', own) ? own : units.value.find((u) => mayIn('manage', u.id))?.id ?? '',
  }
}

async function addHandIns(c: Campaign): Promise<void> {
  const due = instant(`${c.last_day}T17:00`, c.zone)
  for (const item of ['item.table', 'item.summary', 'item.photos'] as const) {
    await api.post(`/campaigns/${c.id}/handins`, { item: t(item), due, recipient: unitName(c.unit), copy_to: '' })
  }
}
