/** Forms of nouns, described field by field: names, days, units and choices all look and fail alike. */
import type { ComponentChildren, VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/forms'
import { dateTime, dayText } from '../../i18n/format'
import {
  Checkbox, DateInput, DateTimeInput, Diff, Field, Form, Notice, NumberInput, type Option, RadioGroup, Select, Textarea, TextInput,
} from '../../kit'
import { Problem } from '../problem'
import { unitName, unitOptions } from '../units'
import type { UnitRow } from '../types'

export interface Spec {
  name: string
  label: string
  kind: 'text' | 'area' | 'number' | 'day' | 'instant' | 'unit' | 'choice' | 'radio' | 'flag'
  required?: boolean
  hint?: string
  max?: number
  min?: number
  /** What is offered of a choice. */
  options?: readonly Option[]
  /** Of a unit: which may be chosen. */
  keep?: (u: UnitRow) => boolean
  /** Of a unit or a choice: what the empty one says. */
  empty?: string
  /** Takes a whole line of the form. */
  wide?: boolean
}

export type Values = Record<string, unknown>

export interface EditFormProps {
  specs: readonly Spec[]
  /** What is there now: an empty record for something new. */
  from: Values
  submit?: string
  onCancel?: () => void
  /** Sends what differs from what was there, and all. */
  onSave: (changed: Values, all: Values) => unknown
  /** Asks for what is there now; called when the server says that it has moved. */
  reload?: () => Promise<Values>
  /** More fields, before the buttons. */
  children?: ComponentChildren
}

/** EditForm keeps what was typed when a change is refused; when somebody else was faster it shows what they changed. */
export function EditForm(props: EditFormProps): VNode {
  const [values, setValues] = useState<Values>(props.from)
  const [base, setBase] = useState<Values>(props.from)
  const [others, setOthers] = useState<VNode | undefined>()
  const set = (name: string) => (value: unknown) => setValues((v) => ({ ...v, [name]: value }))
  const save = async () => {
    const all = cleaned(props.specs, values)
    const changed: Values = {}
    for (const s of props.specs) {
      if (all[s.name] !== base[s.name]) {
        changed[s.name] = all[s.name]
      }
    }
    try {
      await props.onSave(changed, all)
    } catch (error) {
      if (error instanceof Problem && error.code === 'moved' && props.reload) {
        const now = await props.reload()
        setOthers(differences(props.specs, base, now))
        setValues((v) => merged(props.specs, base, now, v))
        setBase(now)
        throw { message: t('moved') }
      }
      throw error
    }
  }
  return (
    <Form submit={props.submit ?? t('save')} onSubmit={save} {...(props.onCancel ? { onCancel: props.onCancel } : {})}>
      {others && <Notice kind="warning" title={t('moved.title')}>{others}</Notice>}
      <div class="fields">
        {props.specs.map((s) => <div key={s.name} class={s.wide || s.kind === 'area' ? 'fields-wide' : undefined}>
          <Control spec={s} value={values[s.name]} onInput={set(s.name)}/>
        </div>)}
      </div>
      {props.children}
    </Form>
  )
}

function Control({ spec, value, onInput }: { spec: Spec; value: unknown; onInput: (value: unknown) => void }) {
  if (spec.kind === 'flag') {
    return <Checkbox checked={Boolean(value)} name={spec.name} onInput={onInput} {...(spec.hint ? { hint: spec.hint } : {})}>{spec.label}</Checkbox>
  }
  return (
    <Field label={spec.label} name={spec.name} hint={spec.hint} required={spec.required ?? false} group={spec.kind === 'radio'}>
      <Box spec={spec} value={value} onInput={onInput}/>
    </Field>
  )
}

function Box({ spec, value, onInput }: { spec: Spec; value: unknown; onInput: (value: unknown) => void }) {
  const text = typeof value === 'string' ? value : ''
  const number = typeof value === 'number' ? value : undefined
  const empty = spec.empty === undefined ? {} : { empty: spec.empty }
  switch (spec.kind) {
    case 'area':
      return <Textarea value={text} onInput={onInput} maxLength={spec.max ?? 2000} rows={3}/>
    case 'number':
      return <NumberInput value={number} onInput={onInput} min={spec.min ?? 0} max={spec.max ?? 1_000_000}/>
    case 'day':
      return <DateInput value={text} onInput={onInput}/>
    case 'instant':
      return <DateTimeInput value={number || undefined} onInput={onInput}/>
    case 'unit':
      return <Select value={text} onInput={onInput} options={unitOptions(spec.keep)} {...empty}/>
    case 'choice':
      return <Select value={text} onInput={onInput} options={spec.options ?? []} {...empty}/>
    case 'radio':
      return <RadioGroup value={text} onInput={onInput} options={spec.options ?? []}/>
    default:
      return <TextInput value={text} onInput={onInput} maxLength={spec.max ?? 200}/>
  }
}

/** cleaned drops spaces around texts and gives what was never touched its empty value. */
function cleaned(specs: readonly Spec[], values: Values): Values {
  const out: Values = {}
  for (const s of specs) {
    const v = values[s.name]
    out[s.name] = typeof v === 'string' ? v.trim() : v ?? (s.kind === 'number' || s.kind === 'instant' ? 0 : s.kind === 'flag' ? false : '')
  }
  return out
}

/** merged keeps what was typed and takes what somebody else changed elsewhere. */
function merged(specs: readonly Spec[], before: Values, now: Values, typed: Values): Values {
  const out: Values = { ...typed }
  for (const s of specs) {
    if (typed[s.name] === before[s.name]) {
      out[s.name] = now[s.name]
    }
  }
  return out
}

function differences(specs: readonly Spec[], before: Values, now: Values): VNode {
  return (
    <>
      {specs.filter((s) => before[s.name] !== now[s.name]).map((s) => (
        <Diff key={s.name} label={s.label} before={shown(s, before[s.name])} after={shown(s, now[s.name])}/>
      ))}
    </>
  )
}

/** shown is a value as people read it. */
function shown(spec: Spec, value: unknown): string {
  if (value === undefined || value === '' || value === null) {
    return ''
  }
  switch (spec.kind) {
    case 'unit':
      return unitName(String(value))
    case 'day':
      return dayText(String(value))
    case 'instant':
      return value ? dateTime(Number(value)) : ''
    case 'choice':
    case 'radio':
      return spec.options?.find((o) => o.value === value)?.label ?? String(value)
    default:
      return String(value)
  }
}
