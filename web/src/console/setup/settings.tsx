/** A campaign's settings: facts, state, and the lists that go with it. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/campaigns'
import { dayText } from '../../i18n/format'
import { Button, Card, DescriptionList, Dialog, IconEdit, LoadFault, Notice, PageHeader, Skeleton, Tabs, toast } from '../../kit'
import { place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { loadMe } from '../me'
import type { Campaign, TemplateRow } from '../types'
import { loadUnits, mayIn, unitName } from '../units'
import { campaignSpecs, checkDays, codes, TemplateChoice, templateName } from './campaign_form'
import { EditForm, type Values } from './fields'
import { HandIns, Roster, Tasks } from './campaign_lists'
import { States } from './state'

const tabs = ['facts', 'state', 'lists', 'tasks', 'roster'] as const
type TabKey = (typeof tabs)[number]

export function Settings({ id }: { id: string }): VNode {
  useResource(loadUnits, [])
  const campaign = useResource((signal) => api.get<Campaign>(`/campaigns/${id}`, undefined, signal), [id])
  const asked = place.value.query.get('tab') ?? ''
  const tab: TabKey = tabs.find((k) => k === asked) ?? 'facts'
  const changed = () => {
    campaign.reload()
    void loadMe() // the switcher shows title and state
  }
  const c = campaign.data
  return (
    <>
      <PageHeader title={t('settings')} note={c?.title}/>
      {campaign.error && <LoadFault error={campaign.error} onRetry={campaign.reload}/>}
      {!c ? !campaign.error && <Skeleton lines={8}/> : (
        <Tabs label={t('tabs')} value={tab} onChange={(k) => setQuery({ tab: k })} tabs={tabs.map((key) => ({ key, label: t(key) }))}>
          {tab === 'facts' && <Facts campaign={c} onChanged={changed}/>}
          {tab === 'state' && <States campaign={c} onChanged={changed}/>}
          {tab === 'lists' && <HandIns campaign={c}/>}
          {tab === 'tasks' && <Tasks campaign={c}/>}
          {tab === 'roster' && <Roster campaign={c}/>}
        </Tabs>
      )}
    </>
  )
}

function Facts({ campaign: c, onChanged }: { campaign: Campaign; onChanged: () => void }) {
  const [editing, setEditing] = useState(false)
  const list = useResource((signal) => api.get<{ items: TemplateRow[] }>('/templates', undefined, signal), [])
  const window = (from: string, to: string) => from || to ? t('range', { from: from ? dayText(from) : '…', to: to ? dayText(to) : '…' }) : '—'
  const mayEdit = mayIn('manage', c.unit, c.id) && c.state !== 'frozen'
  return (
    <Card title={c.title} actions={mayEdit && <Button small icon={IconEdit} onClick={() => setEditing(true)}>{t('edit')}</Button>}>
      <div class="stack">
        {c.state === 'frozen' && <Notice>{t('frozenNote')}</Notice>}
        <DescriptionList columns={3} facts={[
          { label: t('f.year'), value: String(c.year) },
          { label: t('window'), value: window(c.first_day, c.last_day) },
          { label: t('active'), value: window(c.active_from, c.active_to) },
          { label: t('f.unit'), value: unitName(c.unit) || '—' },
          { label: t('f.theme'), value: c.theme || '—' },
          { label: t('f.zone'), value: c.zone },
          {
            label: t('templates'),
            value: <ul>{codes(c.templates).map((code) => (
              <li key={code}><a href={`#/templates/${code}`}>{templateName(list.data?.items.find((r) => r.code === code)) ?? code}</a></li>
            ))}</ul>,
          },
        ]}/>
      </div>
      {editing && <FactsDialog campaign={c} onClose={() => setEditing(false)} onSaved={onChanged}/>}
    </Card>
  )
}

function FactsDialog({ campaign, onClose, onSaved }: { campaign: Campaign; onClose: () => void; onSaved: () => void }) {
  const [now, setNow] = useState(campaign)
  const [templates, setTemplates] = useState<string | undefined>(codes(campaign.templates).join(','))
  const save = async (changed: Values, all: Values) => {
    checkDays(all)
    if (!templates) {
      throw { message: t('templatesNone'), fields: { templates: t('templatesNone') } }
    }
    const other = templates === codes(now.templates).join(',') ? {} : { templates }
    await api.patch(`/campaigns/${campaign.id}`, { version: now.version, ...changed, ...other })
    toast(t('saved'))
    onSaved()
    onClose()
  }
  const reload = async () => {
    const fresh = await api.get<Campaign>(`/campaigns/${campaign.id}`)
    setNow(fresh)
    return { ...fresh }
  }
  return (
    <Dialog open size="wide" title={t('edit') + ' · ' + campaign.title} onClose={onClose}>
      <EditForm specs={campaignSpecs((u) => u.id === campaign.unit || mayIn('manage', u.id, campaign.id))} from={{ ...campaign }} onSave={save}
        onCancel={onClose} reload={reload}>
        <TemplateChoice value={templates} onInput={setTemplates}/>
        {campaign.state !== 'draft' && <Notice kind="warning">{t('recount')}</Notice>}
      </EditForm>
    </Dialog>
  )
}

