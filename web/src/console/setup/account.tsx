/** Who I am here. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/trail'
import { roleWord, t as words } from '../../i18n/console/words'
import { Button, Card, DataTable, DescriptionList, PageHeader } from '../../kit'
import { useResource } from '../../store/resource'
import { me } from '../me'
import { getStatus } from '../status'

export function Account(): VNode {
  const status = useResource(getStatus, [])
  const m = me.value
  return (
    <>
      <PageHeader title={t('account')} note={t('accountNote')} actions={<Button href="#/password">{t('password')}</Button>}/>
      <Card title={m?.officer.name}>
        <DescriptionList facts={[
          { label: t('unit'), value: m?.unit_name },
          { label: t('role'), value: roleWord(m?.officer.role ?? '') },
          { label: t('version'), value: status.data?.version ?? '—' },
          { label: t('about_'), value: <a href="/api/docs" target="_blank">{t('docs')}</a> },
        ]}/>
      </Card>
      <Card flush title={t('mine')}>
        <DataTable caption={words('listOf', { name: t('mine') })} rows={m?.grants ?? []} rowKey={(g) => [g.campaign, g.unit, g.role].join()}
          columns={[
            { key: 'role', label: t('role'), cell: (g) => roleWord(g.role), main: true },
            { key: 'unit', label: t('unit'), cell: (g) => g.unit_name },
            { key: 'campaign', label: t('campaign'), cell: (g) => g.campaign ? g.campaign_title : t('everyCampaign') },
          ]}/>
      </Card>
    </>
  )
}
