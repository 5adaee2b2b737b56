/** The import of what a phone exported: for phones that cannot go online. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t, whyWord } from '../../i18n/console/trail'
import { t as words } from '../../i18n/console/words'
import { Card, type Column, DataTable, describe, Field, FileInput, Form, Notice, PageHeader, Progress, Tag } from '../../kit'
import { api } from '../api'
import { mayEverywhere } from '../me'
import { inWords, Problem } from '../problem'
import type { ImportedBatch, ImportResult } from '../types'
import { pieces } from './pieces'

interface Row extends ImportedBatch {
  file: string
}

interface Outcome {
  rows: Row[]
  lines: number
  fresh: number
}

export function Import(): VNode {
  const [files, setFiles] = useState<File[]>([])
  const [at, setAt] = useState<{ done: number; total: number }>()
  const [outcome, setOutcome] = useState<Outcome>()
  const send = async () => {
    const all: { file: string; body: string }[] = []
    for (const f of files) {
      all.push(...pieces(f.name, await f.text()).map((body) => ({ file: f.name, body })))
    }
    const sum: Outcome = { rows: [], lines: 0, fresh: 0 }
    try {
      for (const [i, piece] of all.entries()) {
        setAt({ done: i, total: all.length })
        const r = await api.post<ImportResult>('/import', new Blob([piece.body], { type: 'application/x-ndjson' }))
        sum.rows.push(...r.batches.map((b) => ({ ...b, file: piece.file })))
        sum.lines += r.lines
        sum.fresh += r.new
      }
      setFiles([])
    } catch (error) {
      const damaged = error instanceof Problem && error.code === 'invalid'
      throw { message: (damaged ? t('damaged') : describe(error)) + (sum.rows.length > 0 ? t('partly') : '') }
    } finally { // what was taken is taken, and shown
      setAt(undefined)
      setOutcome(sum.rows.length > 0 ? sum : undefined)
    }
  }
  return (
    <>
      <PageHeader title={t('importTitle')} note={t('importNote')}/>
      <Card>
        <div class="medium">
          <Form submit={t('importDo')} disabled={!mayEverywhere('manage')} onSubmit={send}>
            <Field label={t('file')} name="file" hint={t('fileHint')} required>
              <FileInput files={files} onInput={setFiles} multiple/>
            </Field>
            <p class="muted">{t('importText')}</p>
            {at && <Progress label={t('importing', { n: at.done + 1, total: at.total })} done={at.done} total={at.total}/>}
          </Form>
        </div>
      </Card>
      {outcome && <Result of={outcome}/>}
    </>
  )
}

function Result({ of }: { of: Outcome }) {
  const held = of.rows.reduce((n, r) => n + r.held, 0)
  const failed = of.rows.filter((r) => r.code).length
  return (
    <Card flush title={t('result')}>
      <div class="card-words">
        <Notice kind={failed > 0 ? 'warning' : 'success'} live title={failed > 0 ? t('r.failed', { n: failed }) : undefined}>
          {t('r.sum', { lines: of.lines, fresh: of.fresh, held })}
        </Notice>
      </div>
      <DataTable caption={words('listOf', { name: t('result') })} columns={columns()} rows={of.rows} rowKey={(r) => [r.device, r.epoch, r.from].join()}/>
    </Card>
  )
}

function columns(): Column<Row>[] {
  return [
    { key: 'file', label: t('r.file'), cell: (r) => r.file, main: true },
    { key: 'from', label: t('r.from'), cell: (r) => r.from, align: 'number' },
    { key: 'lines', label: t('r.lines'), cell: (r) => r.lines, align: 'number' },
    { key: 'new', label: t('r.new'), cell: (r) => r.new, align: 'number' },
    { key: 'held', label: t('r.held'), cell: (r) => r.held, align: 'number' },
    { key: 'rejected', label: t('r.rejected'), cell: (r) => r.rejected, align: 'number' },
    { key: 'dup', label: t('r.dup'), cell: (r) => r.duplicate, align: 'number' },
    {
      key: 'result', label: t('r.result'),
      cell: (r) => r.code
        ? <><Tag tone="error">{t('r.fault')}</Tag> {whyWord(r.code) ?? inWords(r.code, r.message ?? '', r.message_zh ?? '')}</>
        : <Tag tone={r.new > 0 ? 'success' : 'neutral'}>{t(r.new > 0 ? 'r.ok' : 'r.nothing')}</Tag>,
    },
  ]
}

