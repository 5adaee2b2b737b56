/** The decisions on an event: the dialog that asks for a reason, and sending them. */
import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../i18n/console/review'
import { Button, Dialog, Field, Form, Textarea, toast } from '../../kit'
import { api } from '../api'
import type { EventRow } from '../types'
import { settled } from './parts'

export type Op = 'accept' | 'return' | 'issues' | 'comment' | 'reopen'

interface Asked {
  event: EventRow
  op: Exclude<Op, 'accept'>
  reload: () => void
  settle: (done: boolean) => void
}

const asked = signal<Asked | undefined>(undefined)

/** possible says which decisions make sense on an event as it stands; the server has the last word. */
export function possible(event: EventRow, op: Op): boolean {
  switch (op) {
    case 'accept': return event.state !== 'accepted' && !event.deleted && !event.conflicts
    case 'return':
    case 'issues': return event.state !== 'accepted' && !event.deleted && event.state !== (op === 'return' ? 'returned' : 'issues')
    case 'reopen': return event.state === 'accepted'
    case 'comment': return true
  }
}

/** decide accepts at once, and asks for a reason before anything else. It tells whether the decision stands. */
export async function decide(event: EventRow, op: Op, reload: () => void): Promise<boolean> {
  if (!possible(event, op)) {
    if (op === 'accept' && event.conflicts) {
      toast(t('conflictFirst', { n: event.conflicts }), 'warning')
    }
    return false
  }
  if (op === 'accept') {
    return send(event, op, '', reload)
  }
  asked.value?.settle(false)
  return new Promise((resolve) => {
    asked.value = { event, op, reload, settle: (done) => {
      asked.value = undefined
      resolve(done)
    } }
  })
}

async function send(event: EventRow, op: Op, reason: string, reload: () => void): Promise<boolean> {
  const path = `/campaigns/${event.campaign}/units/${event.unit}/events/${event.id}/review`
  const done = await settled(event.campaign, api.post(path, { op, version: event.version, seq: event.seq, ...(reason ? { reason } : {}) }), reload)
  if (done) {
    toast(t(`done.${op}`, { title: event.title }))
  }
  return done
}

/** DecideHost is where the question for the reason appears; pages with decisions hold one. */
export function DecideHost(): VNode | null {
  const now = asked.value
  useEffect(() => () => asked.value?.settle(false), []) // whoever leaves the page has not decided
  return now ? <Ask key={now.event.id + now.op} {...now}/> : null
}

const common = ['reason.1', 'reason.2', 'reason.3', 'reason.4'] as const

function Ask({ event, op, reload, settle }: Asked) {
  const [text, setText] = useState('')
  const offer = op === 'return' || op === 'issues'
  const label = op === 'comment' ? t('comment.label') : t('reason')
  return (
    <Dialog open title={t(`${op}.title`)} onClose={() => settle(false)} focus="textarea">
      <Form submit={t(op)} danger={op === 'return'} onCancel={() => settle(false)}
        onSubmit={async () => settle(await send(event, op, text.trim(), reload))}>
        <p>{op === 'comment' ? t('comment.text') : op === 'return' ? t('return.text', { title: event.title, unit: event.unit_name }) : t(`${op}.text`, { title: event.title })}</p>
        {offer && (
          <div class="row" role="group" aria-label={t('reason.common')}>
            {common.map((key) => <Button key={key} small onClick={() => setText(joined(text, t(key)))}>{t(key)}</Button>)}
          </div>
        )}
        <Field label={label} name="reason" required hint={t('reason.hint')}>
          <Textarea value={text} onInput={setText} rows={3} maxLength={500}/>
        </Field>
      </Form>
    </Dialog>
  )
}

/** joined adds a common reason to what is typed, once. */
function joined(text: string, reason: string): string {
  return text.includes(reason) ? text : text.trim() === '' ? reason : text.trim() + ' ' + reason
}
