/** Writing a template: check, look, save. A fault is shown at its line. */
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../../i18n/console/templates'
import { Button, Card, Field, FileInput, Notice, PageHeader, Skeleton, Textarea, toast } from '../../kit'
import { go, place } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { Problem } from '../problem'
import type { TemplateDetail } from '../types'
import { FormTable } from '../campaign/form-table'

const maxText = 512 * 1024

/** TemplateEdit begins with nothing, with a copy (?from=), or with the template that is changed (?edit=). */
export function TemplateEdit(): VNode {
  const query = place.value.query
  const code = query.get('edit') ?? query.get('from') ?? ''
  const editing = query.has('edit')
  const source = useResource(async (signal) => code ? api.get<TemplateDetail>(`/templates/${code}`, undefined, signal) : undefined, [code])
  const ready = !code || source.data
  return (
    <>
      <PageHeader title={editing ? t('edit') + ' · ' + (source.data?.title ?? '') : t('new.title')} note={t(editing ? 'edit.note' : 'new.note')}
        path={[{ label: t('back'), href: '#/templates' }]}/>
      {source.error && <Notice kind="error">{(source.error as Problem).text}</Notice>}
      {ready ? <Editor source={source.data} editing={editing}/> : !source.error && <Skeleton lines={10}/>}
    </>
  )
}

interface Fault {
  line: number | undefined
  text: string
}

function Editor({ source, editing }: { source: TemplateDetail | undefined; editing: boolean }) {
  const [yaml, setYaml] = useState(source ? (editing ? source.yaml : renamed(source.yaml)) : '')
  const [checked, setChecked] = useState<{ yaml: string; detail: TemplateDetail }>()
  const [fault, setFault] = useState<Fault & { yaml: string }>()
  const good = checked?.yaml === yaml ? checked.detail : undefined
  const failed = (error: unknown) => {
    if (!(error instanceof Problem) || (error.code !== 'invalid' && error.code !== 'conflict')) {
      throw error
    }
    const line = error.members.line
    setChecked(undefined)
    setFault({
      yaml, line: typeof line === 'number' ? line : undefined,
      text: error.text.replace(/^(Template [^:]*: line \d+: |模板 .*? 第 \d+ 行：)/, ''), // the line is in the title
    })
  }
  const check = async () => {
    setFault(undefined)
    await api.post<TemplateDetail>('/templates/check', { yaml }).then((detail) => setChecked({ yaml, detail }), failed)
  }
  const save = async () => {
    const old = editing ? source : undefined
    await api.put<TemplateDetail>('/templates', { ...(old ? { id: old.id } : {}), version: old?.version ?? 0, yaml }).then((kept) => {
      toast(t('saved'))
      go(`#/templates/${kept.code}`)
    }, failed)
  }
  const read = async (file: File | undefined) => {
    if (file && file.size > maxText) {
      throw new Error(t('tooBig'))
    }
    if (file) {
      setYaml(await file.text())
    }
  }
  return (
    <div class="stack">
      <Card>
        <div class="form">
          <Field label={t('file')}>
            <FileInput files={[]} accept=".yaml,.yml,.txt" onInput={(files) => void read(files[0]).catch((e: Error) => toast(e.message, 'error'))}/>
          </Field>
          <Field label={t('yaml')} name="yaml" hint={t('yamlHint')} error={fault?.yaml === yaml ? faultTitle(fault) : undefined}>
            <div class="code-input"><Textarea value={yaml} onInput={setYaml} rows={20}/></div>
          </Field>
          <div class="row">
            <Button kind={good ? 'default' : 'primary'} disabled={yaml.trim() === ''} onClick={check}>{t('check')}</Button>
            <Button kind={good ? 'primary' : 'default'} disabled={!good} onClick={save}>{t('save')}</Button>
            {!good && <span class="muted">{t(checked ? 'changedSince' : 'readFirst')}</span>}
          </div>
        </div>
      </Card>
      {fault && (
        <Card>
          <div class="stack">
            <Notice kind="error" live title={faultTitle(fault)}>{fault.text}</Notice>
            <Lines text={fault.yaml} fault={fault}/>
          </div>
        </Card>
      )}
      {good && <Card><div class="stack"><Notice kind="success" live>{t('fine')}</Notice><FormTable v={good.preview}/></div></Card>}
    </div>
  )
}

const faultTitle = (f: Fault) => f.line ? t('fault.title', { line: f.line }) : t('fault.plain')

/** renamed gives a copy an id of its own, which it needs. */
const renamed = (yaml: string) => yaml.replace(/^(id:\s*)(\S+)/m, '$1$2-copy')

/** Lines shows a text with its line numbers, and a fault at its line. */
export function Lines({ text, fault }: { text: string; fault?: Fault }): VNode {
  const at = useRef<HTMLLIElement>(null)
  useEffect(() => at.current?.scrollIntoView?.({ block: 'center' }), [fault])
  return (
    <div class="code-frame" tabIndex={0} role="region" aria-label={t('numbered')}>
      <ol class="code">
        {text.replace(/\n$/, '').split('\n').map((line, i) => {
          const bad = fault?.line === i + 1
          return (
            <li key={i} ref={bad ? at : undefined} class={bad ? 'code-bad' : undefined}>
              <span class="code-line">{line || ' '}</span>
              {bad && <span class="code-fault">{fault.text}</span>}
            </li>
          )
        })}
      </ol>
    </div>
  )
}
