/** One field with more than one truth: who said what, when, and which one holds. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/waiting'
import { colon, dateTime } from '../../i18n/format'
import { Button, Field, NumberInput, Tag, TextInput, toast } from '../../kit'
import { api } from '../api'
import type { ConflictValue, ConflictView } from '../types'
import { labelled, settled } from './parts'
import { person, show } from './show'

export interface ConflictCardProps {
  of: ConflictView
  may: boolean
  onDone: () => void
}

export function ConflictCard({ of, may, onDone }: ConflictCardProps): VNode {
  const [other, setOther] = useState(false)
  const field = labelled(of)
  const settle = async (value: unknown) => {
    const path = `/campaigns/${of.campaign}/units/${of.unit}/${of.kind}/${of.id}`
    if (await settled(of.campaign, api.patch(path, { version: of.version, set: { [of.field]: value ?? null } }), onDone)) {
      toast(t('c.done', { field, value: show(of.field, value) || t('c.nothing') }))
    }
  }
  return (
    <div class="conflict" role="group" aria-label={field}>
      <div class="conflict-field">{field}</div>
      <ul class="conflict-values">
        {of.values.map((v, i) => <Value key={i} of={of} value={v} may={may} settle={settle}/>)}
      </ul>
      {may && !other && <Button kind="link" small onClick={() => setOther(true)}>{t('c.other')}</Button>}
      {may && other && <Other numeric={of.values.some((v) => typeof v.value === 'number')} settle={settle}/>}
    </div>
  )
}

interface ValueProps {
  of: ConflictView
  value: ConflictValue
  may: boolean
  settle: (value: unknown) => Promise<void>
}

function Value({ of, value: v, may, settle }: ValueProps) {
  const text = show(of.field, v.value) || t('c.nothing')
  const skewed = Math.abs(v.claimed_at - v.effective_at) >= 60_000
  return (
    <li class="conflict-value">
      <div class="conflict-text">
        <strong class="figure">{text}</strong> {v.shown && <Tag>{t('c.shown')}</Tag>}
        <div class="muted small">
          {person(v.by)} · {t('c.at', { when: dateTime(v.effective_at) })}{skewed && ` · ${t('c.claimed', { when: dateTime(v.claimed_at) })}`}
        </div>
      </div>
      {may && <Button small onClick={() => settle(v.value)} extra={{ 'aria-label': t('c.choose') + colon() + text }}>{t('c.choose')}</Button>}
    </li>
  )
}

/** Other takes a value that nobody gave; times and coded words are corrected on the event itself. */
function Other({ numeric, settle }: { numeric: boolean; settle: (value: unknown) => Promise<void> }) {
  const [n, setN] = useState<number | undefined>(undefined)
  const [text, setText] = useState('')
  const value = numeric ? n : text.trim()
  return (
    <div class="row">
      <Field label={t('c.otherLabel')}>
        {numeric ? <NumberInput value={n} onInput={setN}/> : <TextInput value={text} onInput={setText}/>}
      </Field>
      <Button small disabled={value === undefined || value === ''} onClick={() => settle(value)}>{t('c.otherSave')}</Button>
    </div>
  )
}
