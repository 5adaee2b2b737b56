/** Pairs of events that may be the same facts: side by side, with three verdicts and what each does to the numbers. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { word } from '../../i18n/console/codes'
import { t as tp } from '../../i18n/console/photos'
import { t } from '../../i18n/console/waiting'
import { colon, dateTime, number } from '../../i18n/format'
import { Button, Card, confirm, Dialog, EmptyState, Field, Form, IconSuccess, Loaded, Notice, Pager, RadioGroup, Tag, Textarea, toast, Toolbar, useCursor } from '../../kit'
import { href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import type { EventRow, PhotoView, PicturePair, SuspectView } from '../types'
import { mayIn } from '../units'
import { at, Head, type Paged, pick, settled, StateTag, UnitFilter } from './parts'
import { nameOf, Shown } from './photo-parts'
import { person, short } from './show'

export function Suspects({ campaign }: { campaign: string }): VNode {
  const judged = place.value.query.get('judged') === 'true'
  const unit = place.value.query.get('unit') ?? ''
  const cursor = useCursor()
  const page = useResource((signal) => api.get<Paged<SuspectView>>(`/campaigns/${campaign}/suspects`, { unit, judged, cursor: cursor.cursor }, signal), [campaign, unit, judged, cursor.cursor])
  const tab = (on: boolean, label: string) => (
    <button type="button" class="segment" aria-pressed={on === judged ? 'true' : 'false'} onClick={() => {
      cursor.reset()
      setQuery({ judged: on || undefined })
    }}>{label}</button>
  )
  return (
    <>
      <Head campaign={campaign} title={t('s.title')} note={t('s.note')}/>
      <Toolbar><UnitFilter value={unit} onChange={(to) => {
        cursor.reset()
        setQuery({ unit: to })
      }}/></Toolbar>
      <div class="segments" role="group" aria-label={t('s.title')}>{tab(false, t('s.open'))}{tab(true, t('s.judged'))}</div>
      <Loaded of={page} lines={8}>{(p) => (
        <>
          {p.items.length === 0 && <EmptyState icon={IconSuccess} title={t(judged ? 's.emptyJudged' : 's.empty')} text={judged ? undefined : t('s.emptyText')}/>}
          {p.items.map((s, i) => <Pair key={s.first.id + s.second.id} i={i + 1} campaign={campaign} of={s} reload={page.reload}/>)}
          {(p.next || cursor.cursor) && <Pager {...cursor.pager(p.next)} total={p.total} loading={page.loading}/>}
        </>
      )}</Loaded>
    </>
  )
}

interface PairProps {
  i: number
  campaign: string
  of: SuspectView
  reload: () => void
}

function Pair({ i, campaign, of, reload }: PairProps) {
  const [swapped, setSwapped] = useState(false)
  const [judging, setJudging] = useState(false)
  const [first, second] = swapped ? [of.second, of.first] : [of.first, of.second]
  const may = [first, second].every((e) => mayIn('review', e.counts_for || e.unit, campaign))
  const undo = async () => {
    const reason = await confirm({ title: t('s.undoTitle'), body: t('s.undoText'), action: t('s.undo'), reason: 'optional' })
    if (reason === undefined) {
      return
    }
    const body = { unit: of.second.unit, id: of.second.id, version: of.second.version, seq: of.second.seq, reason }
    if (await settled(campaign, api.post(`/campaigns/${campaign}/suspects/undo`, body), reload)) {
      toast(t('s.undone'))
    }
  }
  return (
    <Card title={<>{t('s.pair', { i })} {(of.reasons.length > 0 ? of.reasons : [of.why]).map((why) => <Tag key={why} tone={why === 'judged' ? 'info' : 'warning'}>{word('suspect', why)}</Tag>)}</>}
      actions={may && (of.verdict
        ? <Button small onClick={undo}>{t('s.undo')}</Button>
        : <><Button small onClick={() => setSwapped(!swapped)}>{t('s.swap')}</Button><Button small kind="primary" onClick={() => setJudging(true)}>{t('s.judge')}</Button></>)}>
      {of.verdict && (
        <div class="stack">
          <p><strong>{t('s.verdict')}{colon()}{word('verdict', of.verdict)}</strong>{of.reason && ` · ${of.reason}`}</p>
          {of.why === 'first_gone' && <Notice kind="warning">{t('s.goneText')}</Notice>}
        </div>
      )}
      {of.pictures && <Pictures of={of.pictures} swapped={swapped}/>}
      <Compare campaign={campaign} first={first} second={second}/>
      {!may && !of.verdict && <p class="muted small">{t('noRight')}</p>}
      {judging && <Judge campaign={campaign} first={first} second={second} onClose={() => setJudging(false)} onDone={() => {
        setJudging(false)
        reload()
      }}/>}
    </Card>
  )
}

/** Compare puts the two events side by side; what differs is marked in words and colour. */
function Compare({ campaign, first, second }: { campaign: string; first: EventRow; second: EventRow }) {
  const counted = new Map([...first.tallies, ...second.tallies].map((x) => [x.indicator, short(pick(x.label, x.label_en)) || x.indicator]))
  const sum = (e: EventRow, indicator: string) => e.tallies.find((x) => x.indicator === indicator)?.sum
  const lines: [string, (e: EventRow) => string, mark?: boolean][] = [
    [t('s.unit'), (e) => e.unit_name, true], [t('s.kind'), (e) => [word('kind', e.kind), e.venue && word('venue', e.venue)].filter(Boolean).join(' · '), true],
    [t('s.time'), (e) => dateTime(e.started_at), true], [t('s.place'), (e) => e.place, true], [t('s.by'), (e) => person(e.by)],
    ...[...counted].map(([indicator, label]): [string, (e: EventRow) => string] => [label, (e) => {
      const n = sum(e, indicator)
      return n === undefined ? '' : number(n)
    }]),
    [t('s.photos'), (e) => number(e.photos)],
  ]
  const cell = (e: EventRow, value: string, differs: boolean) => (
    <td key={e.unit + e.id} class={differs ? 'differs' : ''}>{value || '—'}{differs && <span class="unseen"> {t('s.differs')}</span>}</td>
  )
  const head = (e: EventRow, label: string) => (
    <th scope="col"><span class="muted small">{label}</span><br/><a href={href(at(campaign, `review/${e.unit}/${e.id}`))}>{e.title}</a> <StateTag state={e.state}/></th>
  )
  return (
    <div class="compare-frame">
      <table class="compare">
        <caption class="unseen">{t('s.compare')}</caption>
        <thead><tr><td/>{head(first, t('s.first'))}{head(second, t('s.second'))}</tr></thead>
        <tbody>
          {lines.map(([label, of, mark]) => {
            const [a, b] = [of(first), of(second)]
            return <tr key={label}><th scope="row">{label}</th>{cell(first, a, mark === true && a !== b)}{cell(second, b, mark === true && a !== b)}</tr>
          })}
        </tbody>
      </table>
    </div>
  )
}

/** Pictures puts the two photos side by side that are the same or look alike. */
function Pictures({ of, swapped }: { of: PicturePair; swapped: boolean }) {
  const [first, second] = swapped ? [of.second, of.first] : [of.first, of.second]
  const one = (p: PhotoView, label: string) => <figure><Shown of={p}/><figcaption class="small muted">{label} · {nameOf(p)} · {dateTime(p.taken_at || p.claimed_at)}</figcaption></figure>
  return <div class="picture-pair">{one(first, tp('first'))}{one(second, tp('second'))}</div>
}

interface JudgeProps {
  campaign: string
  first: EventRow
  second: EventRow
  onClose: () => void
  onDone: () => void
}

function Judge({ campaign, first, second, onClose, onDone }: JudgeProps) {
  const [verdict, setVerdict] = useState<'different' | 'one_event' | 'same_facts' | ''>('')
  const [reason, setReason] = useState('')
  const name = (e: EventRow) => ({ unit: e.unit, id: e.id })
  const send = async () => {
    const body = { first: name(first), second: name(second), version: second.version, seq: second.seq, verdict, reason: reason.trim() }
    if (await settled(campaign, api.post(`/campaigns/${campaign}/suspects`, body), onDone)) {
      toast(t('s.done', { verdict: word('verdict', verdict) }))
    }
  }
  return (
    <Dialog open title={t('s.judge')} onClose={onClose}>
      <Form submit={t('s.judge')} onCancel={onClose} onSubmit={send}>
        <p>{t('s.first')}{colon()}<strong>{first.title}</strong> · {first.unit_name}<br/>{t('s.second')}{colon()}<strong>{second.title}</strong> · {second.unit_name}</p>
        <p class="muted small">{t('s.swapText')}</p>
        <Field label={t('s.choose')} name="verdict" group required>
          <RadioGroup value={verdict} onInput={setVerdict} required
            options={(['different', 'one_event', 'same_facts'] as const).map((v) => ({ value: v, label: t(`s.${v}`), hint: t(`s.${v}Text`) }))}/>
        </Field>
        <Field label={t('s.reason')} name="reason" hint={t('reasonHint')} required={verdict === 'same_facts'}><Textarea value={reason} onInput={setReason} rows={2} maxLength={500}/></Field>
      </Form>
    </Dialog>
  )
}
