/** Accepting many events at once: asked first, told one by one afterwards. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/review'
import { Button, DataTable, Dialog, Form, Notice } from '../../kit'
import { api } from '../api'
import { inWords } from '../problem'
import type { EventRow } from '../types'
import { captionOf } from './parts'
import { keyOf } from './queue'

interface Result {
  ok: boolean
  problem?: { code: string; detail: string; detail_zh: string }
}

export interface AcceptManyProps {
  campaign: string
  rows: readonly EventRow[]
  /** changed: at least one was accepted. */
  onClose: (changed: boolean) => void
}

export function AcceptMany({ campaign, rows, onClose }: AcceptManyProps): VNode {
  const [results, setResults] = useState<Result[] | undefined>(undefined)
  const able = rows.filter((e) => e.state !== 'accepted' && !e.deleted && !e.conflicts).slice(0, 200)
  const skipped = rows.filter((e) => e.conflicts).length
  if (results) {
    return <Results rows={able} results={results} onClose={() => onClose(results.some((r) => r.ok))}/>
  }
  const send = async () => {
    const decisions = able.map((e) => ({ unit: e.unit, kind: 'event', id: e.id, op: 'accept', version: e.version, seq: e.seq }))
    setResults((await api.post<{ results: Result[] }>(`/campaigns/${campaign}/review`, { decisions })).results)
  }
  if (able.length === 0) {
    return (
      <Dialog open size="small" title={t('acceptShown')} onClose={() => onClose(false)} footer={<Button onClick={() => onClose(false)}>{t('back')}</Button>}>
        <p>{t('many.none')}</p>
        {skipped > 0 && <p>{t('many.skip', { n: skipped })}</p>}
      </Dialog>
    )
  }
  return (
    <Dialog open title={t('many.title', { n: able.length })} onClose={() => onClose(false)}>
      <Form submit={t('many.action')} onCancel={() => onClose(false)} onSubmit={send}>
        <p>{t('many.text', { n: able.length })}</p>
        {skipped > 0 && <Notice kind="warning">{t('many.skip', { n: skipped })}</Notice>}
        <ul class="plain many-list" tabIndex={0} aria-label={t('list')}>{able.map((e) => <li key={keyOf(e)}>{e.title} <span class="muted">{e.unit_name}</span></li>)}</ul>
      </Form>
    </Dialog>
  )
}

function Results({ rows, results, onClose }: { rows: EventRow[]; results: Result[]; onClose: () => void }) {
  const failed = rows.flatMap((e, i) => (results[i]?.ok ? [] : [{ event: e, problem: results[i]?.problem }]))
  return (
    <Dialog open title={t('many.result')} onClose={onClose} footer={<Button kind="primary" onClick={onClose}>{t('back')}</Button>}>
      <div class="stack">
        <Notice kind={failed.length > 0 ? 'info' : 'success'} live>{t('many.ok', { n: rows.length - failed.length })}</Notice>
        {failed.length > 0 && (
          <>
            <Notice kind="warning" live>{t('many.failed', { n: failed.length })}</Notice>
            <DataTable caption={captionOf(t('many.result'))} rows={failed} rowKey={(f) => keyOf(f.event)} columns={[
              { key: 'title', label: t('detail'), cell: (f) => f.event.title },
              { key: 'why', label: t('many.why'), cell: (f) => why(f.problem) },
            ]}/>
          </>
        )}
      </div>
    </Dialog>
  )
}

/** why says what stood in the way of one event, in the person's language. */
function why(p: Result['problem']): string {
  if (!p) {
    return ''
  }
  return p.code === 'moved' ? t('many.moved') : inWords(p.code, p.detail, p.detail_zh)
}
