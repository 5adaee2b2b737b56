/** Asking before something that cannot be taken back, and for the reason where one goes on record. */
import { signal } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../i18n/kit'
import { Dialog } from './dialog'
import { Field } from './field'
import { Form } from './form'
import { Textarea } from './inputs'

export interface Question {
  title: string
  body?: ComponentChildren
  /** The text of the button that does it: a verb, not "OK". */
  action: string
  danger?: boolean
  /** Asks for a reason. */
  reason?: 'optional' | 'required'
  reasonLabel?: string
  /** Characters of a reason, 500 unless told. */
  reasonMax?: number
}

const asked = signal<{ question: Question; settle: (reason: string | undefined) => void } | undefined>(undefined)

/** confirm resolves to the reason (empty when none was asked or given), or to undefined when the person would rather not. */
export function confirm(question: Question): Promise<string | undefined> {
  asked.value?.settle(undefined)
  return new Promise((resolve) => {
    asked.value = {
      question,
      settle: (reason) => {
        asked.value = undefined
        resolve(reason)
      },
    }
  })
}

/** ConfirmHost is where the question appears; start() puts it on the page. */
export function ConfirmHost(): VNode | null {
  const now = asked.value
  return now ? <Ask {...now}/> : null
}

/** firstOf is where the focus belongs: in the reason, else on what does it, but where that cannot be taken back on what does not. */
function firstOf(q: Question): string {
  return q.reason ? 'textarea' : q.danger ? '.form-actions [type=button]' : '.form-actions [type=submit]'
}

function Ask({ question: q, settle }: { question: Question; settle: (reason: string | undefined) => void }) {
  const [reason, setReason] = useState('')
  const done = () => {
    if (q.reason === 'required' && reason.trim() === '') {
      throw Object.assign(new Error(t('fault.missing')), { fields: { reason: t('fault.missing') } })
    }
    settle(reason.trim())
  }
  return (
    <Dialog open size="small" title={q.title} onClose={() => settle(undefined)} focus={firstOf(q)}>
      <Form submit={q.action} danger={q.danger ?? false} onCancel={() => settle(undefined)} onSubmit={done}>
        {q.body && <div class="confirm-body">{q.body}</div>}
        {q.reason && (
          <Field label={q.reasonLabel ?? t('confirm.reason')} name="reason" required={q.reason === 'required'} hint={t('confirm.reasonHint')}>
            <Textarea value={reason} onInput={setReason} rows={3} maxLength={q.reasonMax ?? 500}/>
          </Field>
        )}
      </Form>
    </Dialog>
  )
}
