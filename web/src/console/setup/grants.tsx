/** What somebody may do where: the rights that hold and those that held. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/people'
import { roleWord, t as words } from '../../i18n/console/words'
import { date } from '../../i18n/format'
import { Button, Card, type Column, confirm, DataTable, Dialog, IconPlus, LoadFault, Tag, toast } from '../../kit'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { campaigns } from '../me'
import type { GrantRow, OfficerRow } from '../types'
import { mayIn } from '../units'
import { EditForm, type Spec, type Values } from './fields'
import { roles } from './people'

export function GrantList({ person }: { person: OfficerRow }): VNode {
  const list = useResource((signal) => api.get<{ items: GrantRow[] }>(`/officers/${person.id}/grants`, undefined, signal), [person.id, person.version])
  const [giving, setGiving] = useState(false)
  const end = async (g: GrantRow) => {
    const body = t('endGrantBody', { name: person.name, unit: g.unit_name, role: roleWord(g.role) })
    if (await confirm({ title: t('endGrantTitle'), body, action: t('endGrant'), danger: true }) === undefined) {
      return
    }
    await api.post(`/officers/${person.id}/grants/end`, { campaign: g.campaign, unit: g.unit, role: g.role })
    toast(t('grantEnded'))
    list.reload()
  }
  return (
    <Card flush title={t('grants')} actions={!person.ended && campaigns.value.length > 0 && (
      <Button small icon={IconPlus} onClick={() => setGiving(true)}>{t('grant')}</Button>
    )}>
      <p class="muted card-words">{t('grantsText')}</p>
      {list.error && <LoadFault error={list.error} onRetry={list.reload}/>}
      <DataTable caption={words('listOf', { name: t('grants') })} columns={columns(end)} rows={list.data?.items ?? []} loading={list.loading}
        rowKey={(g) => [g.campaign, g.unit, g.role].join()}/>
      {giving && <GrantDialog person={person} onClose={() => setGiving(false)} onSaved={list.reload}/>}
    </Card>
  )
}

function columns(end: (g: GrantRow) => Promise<void>): Column<GrantRow>[] {
  return [
    { key: 'role', label: t('role'), cell: (g) => roleWord(g.role), main: true, nowrap: true },
    { key: 'unit', label: t('unit'), cell: (g) => g.unit_name },
    { key: 'campaign', label: t('campaign'), cell: (g) => g.campaign ? g.campaign_title : t('everyCampaign') },
    { key: 'since', label: t('since'), cell: (g) => date(g.started_at), nowrap: true },
    { key: 'until', label: t('until'), cell: (g) => g.ended_at ? date(g.ended_at) : <Tag tone="success">{t('lasting')}</Tag>, nowrap: true },
    {
      key: 'act', label: words('act'), align: 'number',
      cell: (g) => g.campaign && !g.ended_at ? <Button small kind="link" onClick={() => end(g)}>{t('endGrant')}</Button> : null,
    },
  ]
}

function GrantDialog({ person, onClose, onSaved }: { person: OfficerRow; onClose: () => void; onSaved: () => void }) {
  const specs: Spec[] = [
    {
      name: 'campaign', label: t('campaign'), kind: 'choice', required: true, wide: true,
      options: campaigns.value.map((c) => ({ value: c.id, label: c.title })),
    },
    { name: 'unit', label: t('unit'), kind: 'unit', required: true, wide: true, keep: (u) => campaigns.value.some((c) => mayIn('manage', u.id, c.id)) },
    {
      name: 'role', label: t('role'), kind: 'radio', required: true, wide: true,
      options: roles.map((r) => ({ value: r, label: roleWord(r), hint: t(`role.hint.${r}`) })),
    },
  ]
  const save = async (_: Values, all: Values) => {
    await api.post(`/officers/${person.id}/grants`, all)
    toast(t('granted'))
    onSaved()
    onClose()
  }
  return (
    <Dialog open title={t('grantTitle', { name: person.name })} onClose={onClose}>
      <EditForm specs={specs} from={{ campaign: campaigns.value[0]?.id, unit: '', role: 'officer' }} submit={t('grant')} onSave={save} onCancel={onClose}/>
    </Dialog>
  )
}
