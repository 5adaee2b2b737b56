/** What the office changes itself: a field, a count, the unit. Each goes on record in the name of who did it. */
import type { ComponentChildren, VNode } from 'preact'
import { useState } from 'preact/hooks'
import { codes, word } from '../../i18n/console/codes'
import { t } from '../../i18n/console/review'
import { Checkbox, DateTimeInput, Dialog, Field, Form, NumberInput, Select, Textarea, TextInput, toast } from '../../kit'
import { api } from '../api'
import type { EventDetail } from '../types'
import { mayIn, unitOptions } from '../units'
import { settled } from './parts'
import { fieldWord } from './show'

interface DialogProps {
  e: EventDetail
  onClose: () => void
  onDone: () => void
}

const outreach = ['title', 'kind', 'venue', 'place', 'started_at', 'ended_at', 'leaders', 'operators', 'experts', 'consumers', 'banners', 'led_slogans', 'boards', 'meeting_type', 'large', 'urgent', 'notes']
const media = ['title', 'channel', 'form', 'outlet', 'programme', 'content', 'first_aired_at', 'repeat', 'minutes', 'pieces', 'url', 'notes']
const coded = ['kind', 'venue', 'channel', 'form', 'meeting_type']
const times = ['started_at', 'ended_at', 'first_aired_at']
const flags = ['large', 'urgent', 'repeat']
const counts = ['leaders', 'operators', 'experts', 'consumers', 'banners', 'led_slogans', 'boards', 'minutes', 'pieces']

/** CorrectDialog changes one field at a time: the history then says plainly what was corrected. */
export function CorrectDialog({ e, onClose, onDone }: DialogProps): VNode {
  const staff = Object.keys(e.fields).filter((f) => f.startsWith('staff.'))
  const names = [...(e.kind === 'media' ? media : outreach), ...staff]
  const [field, setField] = useState('')
  const [value, setValue] = useState<unknown>(undefined)
  const choose = (name: string) => {
    setField(name)
    setValue(e.fields[name] ?? undefined)
  }
  const save = async () => {
    const to = value === undefined || value === '' ? null : value
    const path = `/campaigns/${e.campaign}/units/${e.unit}/event/${e.id}`
    if (await settled(e.campaign, api.patch(path, { version: e.version, set: { [field]: to } }), onDone)) {
      toast(t('d.corrected'))
    }
  }
  return (
    <Dialog open title={t('d.correctTitle')} onClose={onClose}>
      <Form submit={t('d.correct')} disabled={field === ''} onCancel={onClose} onSubmit={save}>
        <p class="muted">{t('d.correctHint')}</p>
        <Field label={t('d.facts')} required>
          <Select value={field} options={names.map((n) => ({ value: n, label: fieldWord(n) }))} onInput={choose}/>
        </Field>
        {field && <ValueField key={field} field={field} value={value} onInput={setValue}/>}
      </Form>
    </Dialog>
  )
}

/** ValueField is the box that fits the kind of a field. */
function ValueField({ field, value, onInput }: { field: string; value: unknown; onInput: (value: unknown) => void }) {
  const label = fieldWord(field)
  const box = (children: ComponentChildren) => <Field label={label} name="set">{children}</Field>
  if (flags.includes(field)) {
    return <Checkbox checked={value === true} onInput={onInput}>{label}</Checkbox>
  }
  if (coded.includes(field)) {
    return box(<Select value={String(value ?? '')} options={codes(field).map((c) => ({ value: c, label: word(field, c) }))} onInput={onInput}/>)
  }
  if (times.includes(field)) {
    return box(<DateTimeInput value={value as number | undefined} onInput={onInput}/>)
  }
  if (counts.includes(field) || field.startsWith('staff.')) {
    return box(<NumberInput value={value as number | undefined} max={1_000_000_000} onInput={onInput}/>)
  }
  const text = String(value ?? '')
  return box(field === 'notes' || field === 'content' ? <Textarea value={text} onInput={onInput}/> : <TextInput value={text} onInput={onInput}/>)
}

/** TallyDialog adds to a count or takes from it: counts are sums, so a correction is one more entry with its reason. */
export function TallyDialog({ e, indicator, label, onClose, onDone }: DialogProps & { indicator: string; label: string }): VNode {
  const [n, setN] = useState<number | undefined>(undefined)
  const [note, setNote] = useState('')
  const save = async () => {
    await api.post(`/campaigns/${e.campaign}/units/${e.unit}/events/${e.id}/tallies`, { indicator, n, note: note.trim() })
    toast(t('d.tallyDone'))
    onDone()
  }
  return (
    <Dialog open size="small" title={t('d.tallyTitle', { label })} onClose={onClose}>
      <Form submit={t('d.tally')} onCancel={onClose} onSubmit={save}>
        <Field label={t('d.tallyN')} name="n" hint={t('d.tallyHint')} required><NumberInput value={n} min={-1_000_000_000} max={1_000_000_000} onInput={setN}/></Field>
        <Field label={t('d.tallyNote')} name="note" required><Textarea value={note} onInput={setNote} rows={2} maxLength={500}/></Field>
      </Form>
    </Dialog>
  )
}

/** MoveDialog lets an event count for another unit. */
export function MoveDialog({ e, onClose, onDone }: DialogProps): VNode {
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const save = async () => {
    await settled(e.campaign, api.post(`/campaigns/${e.campaign}/units/${e.unit}/event/${e.id}/move`, { to, reason: reason.trim() }), onDone)
    toast(t('moved'))
  }
  return (
    <Dialog open size="small" title={t('moveTitle')} onClose={onClose}>
      <Form submit={t('move')} onCancel={onClose} onSubmit={save}>
        <p class="muted">{t('moveText')}</p>
        <Field label={t('moveTo')} name="to" required>
          <Select value={to} onInput={setTo} options={unitOptions((u) => u.id !== (e.counts_for || e.unit) && mayIn('review', u.id, e.campaign))}/>
        </Field>
        <Field label={t('reason')} name="reason" required><Textarea value={reason} onInput={setReason} rows={2} maxLength={500}/></Field>
      </Form>
    </Dialog>
  )
}
