/** Templates of tables: the list, and one with its preview. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/templates'
import { lang } from '../../i18n/lang'
import {
  Button, Card, DataTable, EmptyState, IconDownload, IconEdit, IconPlus, IconTable, LoadFault, PageHeader, Skeleton, Tabs, Tag,
} from '../../kit'
import { href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { mayEverywhere } from '../me'
import type { TemplateDetail, TemplateRow } from '../types'
import { FormTable } from '../campaign/form-table'
import { Lines } from './template_edit'

const named = (r: TemplateRow) => lang.value === 'en' && r.title_en ? r.title_en : r.title

export function Templates(): VNode {
  const list = useResource((signal) => api.get<{ items: TemplateRow[] }>('/templates', undefined, signal), [])
  return (
    <>
      <PageHeader title={t('title')} note={t('note')}
        actions={mayEverywhere('manage') && <Button kind="primary" icon={IconPlus} href="#/templates/new">{t('add')}</Button>}/>
      {list.error && <LoadFault error={list.error} onRetry={list.reload}/>}
      <DataTable caption={t('title')} rows={list.data?.items ?? []} loading={list.loading} rowKey={(r) => r.code} rowHref={(r) => `#/templates/${r.code}`}
        empty={<EmptyState icon={IconTable} title={t('none')}/>}
        columns={[
          { key: 'title', label: t('name'), cell: named, main: true },
          { key: 'code', label: t('code'), cell: (r) => <code>{r.code}</code>, nowrap: true },
          { key: 'origin', label: t('origin'), cell: (r) => <Tag tone={r.builtin ? 'neutral' : 'info'}>{t(r.builtin ? 'builtin' : 'own')}</Tag>, nowrap: true },
        ]}/>
    </>
  )
}

export function Template({ code }: { code: string }): VNode {
  const template = useResource((signal) => api.get<TemplateDetail>(`/templates/${code}`, undefined, signal), [code])
  const d = template.data
  const tab = place.value.query.get('tab') === 'text' ? 'text' : 'preview'
  return (
    <>
      <PageHeader title={d ? named(d) : t('title')} path={[{ label: t('back'), href: '#/templates' }]} note={d && <code>{d.code}</code>}
        actions={d && (
          <>
            <Button icon={IconDownload} onClick={() => saveText(d)}>{t('download')}</Button>
            {mayEverywhere('manage') && (d.builtin
              ? <Button href={href('/templates/new', { from: d.code })}>{t('copy')}</Button>
              : <Button icon={IconEdit} href={href('/templates/new', { edit: d.code })}>{t('edit')}</Button>)}
          </>
        )}/>
      {template.error && <LoadFault error={template.error} onRetry={template.reload}/>}
      {!d ? !template.error && <Skeleton lines={10}/> : (
        <Tabs label={t('tabs')} value={tab} onChange={(key) => setQuery({ tab: key === 'text' ? 'text' : undefined })}
          tabs={[{ key: 'preview', label: t('preview') }, { key: 'text', label: t('text') }]}>
          <Card>{tab === 'preview' ? <FormTable v={d.preview}/> : <Lines text={d.yaml}/>}</Card>
        </Tabs>
      )}
    </>
  )
}

function saveText(d: TemplateDetail): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([d.yaml], { type: 'application/yaml' }))
  link.download = d.code + '.yaml'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
