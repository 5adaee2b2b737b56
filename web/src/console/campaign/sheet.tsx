/** One unit's sheet: its texts, its way through three hands, and what was said about it. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/sheets'
import { dateTime, sentences } from '../../i18n/format'
import { Button, Card, confirm, DescriptionList, Field, Form, IconCheck, IconUndo, Loaded, Notice, Textarea, TextInput, toast } from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import type { HistoryItem, SheetDetail } from '../types'
import { mayIn, unitName } from '../units'
import { ConflictCard } from './conflict-card'
import { History } from './history'
import { at, Head, type Paged, pick, settled, useUnits } from './parts'
import { person } from './show'
import { Steps } from './sheets'

export function Sheet({ campaign, unit }: { campaign: string; unit: string }): VNode {
  useUnits()
  const base = `/campaigns/${campaign}`
  const sheet = useResource((signal) => api.get<SheetDetail>(`${base}/sheets/${unit}`, undefined, signal), [base, unit])
  const history = useResource(async (signal) => (sheet.data?.version ? api.get<Paged<HistoryItem>>(`${base}/units/${unit}/sheet/${unit}/history`, undefined, signal) : undefined),
    [base, unit, sheet.data?.version, sheet.data?.seq])
  const reload = () => sheet.reload()
  return (
    <>
      <Head campaign={campaign} title={t('detail', { unit: sheet.data?.unit_name ?? unitName(unit) })} path={[{ label: t('title'), href: href(at(campaign, 'sheets')) }]}/>
      <Loaded of={sheet} lines={8}>{(s) => (
        <>
          <Chain s={s} reload={reload}/>
          {s.conflict_list.length > 0 && (
            <Card title={t('conflicts')}>{s.conflict_list.map((c) => <ConflictCard key={c.field} of={c} may={mayIn('record', unit, campaign)} onDone={reload}/>)}</Card>
          )}
          <Texts s={s} reload={reload}/>
          {s.review.comments.length > 0 && (
            <Card title={t('comments')}>
              <ul class="lines">{s.review.comments.map((c) => <li key={c.at}>{c.text} <span class="muted small">{person(c.by)} · {dateTime(c.at)}</span></li>)}</ul>
            </Card>
          )}
          {s.version > 0 && (
            <Card title={t('history')}>
              <History base={`${base}/units/${unit}/sheet/${unit}/history`} first={history.data}/>
            </Card>
          )}
        </>
      )}</Loaded>
    </>
  )
}

type Step = 'complete' | 'approve' | 'accept'

/** Chain shows whose turn it is and offers the next step, and the last one back. */
function Chain({ s, reload }: { s: SheetDetail; reload: () => void }) {
  const base = `/campaigns/${s.campaign}/sheets/${s.unit}`
  const may = (a: 'record' | 'sign' | 'review') => mayIn(a, s.unit, s.campaign)
  const send = async (path: string, body: unknown, said: string) => {
    if (await settled(s.campaign, api.post(base + path, body), reload)) {
      toast(said)
    }
  }
  const sign = (step: 'complete' | 'approve', undo: boolean) => send('/' + step, { version: s.version, undo }, undo ? t('undone') : t(`done.${step}`))
  const review = (op: string, reason: string, said: string) => send('/review', { op, version: s.version, seq: s.seq, ...(reason ? { reason } : {}) }, said)
  const approve = async () => {
    if (await confirm({ title: t('approve.title'), body: t('approve.text'), action: t('act.approve') }) !== undefined) {
      await sign('approve', false)
    }
  }
  const accept = async () => {
    if (s.approved || await confirm({ title: t('accept.title'), body: t('accept.unsigned'), action: t('act.accept') }) !== undefined) {
      await review('accept', '', t('done.accept'))
    }
  }
  const withReason = async (op: 'return' | 'comment') => {
    const reason = await confirm({ title: t(`${op}.title`), body: op === 'return' ? t('return.text') : undefined, action: t(`act.${op}`), danger: op === 'return', reason: 'required' })
    if (reason !== undefined) {
      await review(op, reason, t(`done.${op}`))
    }
  }
  const undo = async (step: Step) => {
    if (await confirm({ title: t('undo.title'), body: t('undo.text'), action: t(`undo.${step}`) }) === undefined) {
      return
    }
    await (step === 'accept' ? review('reopen', '', t('undone')) : sign(step, true))
  }
  const last: Step | undefined = s.state === 'accepted' ? 'accept' : s.approved ? 'approve' : s.completed ? 'complete' : undefined
  const mayUndo = last && may(last === 'accept' ? 'review' : last === 'approve' ? 'sign' : 'record')
  const turn = s.state === 'accepted' ? 'none' : s.state === 'returned' ? 'returned' : s.approved ? 'review' : s.completed ? 'approve' : 'complete'
  return (
    <Card>
      <div class="stack">
        <div class="line-between">
          <Steps of={s}/>
          <strong>{t(`wait.${turn}`)}</strong>
        </div>
        {s.state === 'returned' && <Notice kind="warning">{s.reason}{s.review.by && s.review.at && <div class="muted small">{person(s.review.by)} · {dateTime(s.review.at)}</div>}</Notice>}
        {s.changed_since_signed && <Notice kind="warning" title={t('changed')}>{sentences([t('changedText'), s.state !== 'accepted' ? t('changedAgain') : ''])}</Notice>}
        {s.late && s.state !== 'accepted' && <Notice kind="warning">{t('late')}</Notice>}
        <div class="row">
          {!s.completed && s.version > 0 && may('record') && <Button kind="primary" icon={IconCheck} onClick={() => sign('complete', false)}>{t('act.complete')}</Button>}
          {s.completed && !s.approved && may('sign') && <Button kind="primary" icon={IconCheck} onClick={approve}>{t('act.approve')}</Button>}
          {s.completed && s.state !== 'accepted' && may('review') && (s.approved || may('sign')) && <Button kind={s.approved ? 'primary' : 'default'} icon={IconCheck} onClick={accept}>{t('act.accept')}</Button>}
          {s.version > 0 && s.state !== 'accepted' && s.state !== 'returned' && may('review') && <Button onClick={() => withReason('return')}>{t('act.return')}</Button>}
          {s.version > 0 && may('review') && <Button onClick={() => withReason('comment')}>{t('act.comment')}</Button>}
          {last && mayUndo && <Button icon={IconUndo} onClick={() => undo(last)}>{t(`undo.${last}`)}</Button>}
        </div>
      </div>
    </Card>
  )
}

/** Texts are the words of the sheet: read, or edited in place. */
function Texts({ s, reload }: { s: SheetDetail; reload: () => void }) {
  const [editing, setEditing] = useState(false)
  const fields = [
    ...s.text_rows.map((r) => ({ name: r.code, label: pick(r.label, r.label_en), long: true, hint: t('texts.hint', { label: r.label }) })),
    { name: 'remarks', label: t('remarks'), long: true, hint: '' },
    { name: 'filled_by', label: t('filled_by'), long: false, hint: '' },
    { name: 'phone', label: t('phone'), long: false, hint: '' },
  ].filter((f, i, all) => all.findIndex((x) => x.name === f.name) === i)
  const may = mayIn(s.state === 'accepted' ? 'review' : 'record', s.unit, s.campaign)
  const text = (name: string) => (typeof s.fields[name] === 'string' ? (s.fields[name] as string) : '')
  return (
    <Card title={t('texts')} actions={may && !editing && s.state !== 'accepted' ? <Button small onClick={() => setEditing(true)}>{t('texts.edit')}</Button> : undefined}>
      {editing
        ? <Edit s={s} fields={fields} text={text} onClose={() => setEditing(false)} reload={reload}/>
        : <DescriptionList columns={2} facts={fields.map((f) => ({ label: f.label, value: text(f.name) ? <span class="pre">{text(f.name)}</span> : <span class="muted">{t('texts.none')}</span> }))}/>}
      {s.state === 'accepted' && may && <p class="muted small below">{t('texts.locked')}</p>}
    </Card>
  )
}

interface EditProps {
  s: SheetDetail
  fields: { name: string; label: string; long: boolean; hint: string }[]
  text: (name: string) => string
  onClose: () => void
  reload: () => void
}

function Edit({ s, fields, text, onClose, reload }: EditProps) {
  const [typed, setTyped] = useState<Record<string, string>>({})
  const save = async () => {
    const changed = Object.entries(typed).filter(([name, value]) => value !== text(name))
    if (changed.length > 0) {
      const set = Object.fromEntries(changed.map(([name, value]) => [name, value === '' ? null : value]))
      const kept = await settled(s.campaign, api.patch(`/campaigns/${s.campaign}/sheets/${s.unit}`, { version: s.version, set }), reload)
      if (!kept) {
        return // what was typed stays in the boxes, beside what the sheet says now
      }
      toast(t('texts.saved'))
    }
    onClose()
  }
  return (
    <Form submit={t('texts.save')} onCancel={onClose} onSubmit={save} label={t('texts')}>
      {fields.map((f) => (
        <Field key={f.name} label={f.label} name={f.name} hint={f.hint || undefined}>
          {f.long
            ? <Textarea rows={3} value={typed[f.name] ?? text(f.name)} onInput={(v) => setTyped({ ...typed, [f.name]: v })} maxLength={2000}/>
            : <TextInput value={typed[f.name] ?? text(f.name)} onInput={(v) => setTyped({ ...typed, [f.name]: v })} maxLength={100}/>}
        </Field>
      ))}
    </Form>
  )
}
