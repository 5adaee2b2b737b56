/** Controls for choosing: native ones, which every phone and screen reader knows. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { t } from '../i18n/kit'
import { type ControlProps, useControl, useField } from './field'

export interface Option<V extends string = string> {
  value: V
  label: string
  hint?: string
  disabled?: boolean
}

export interface SelectProps<V extends string> extends ControlProps {
  value: V | ''
  onInput: (value: V) => void
  options: readonly Option<V>[]
  /** The empty choice; without it there is one ("choose") only while nothing is chosen. */
  empty?: string
}

/** Select is a native select. */
export function Select<V extends string>(props: SelectProps<V>): VNode {
  const control = useControl(props)
  const empty = props.empty ?? (props.value === '' ? t('choose') : undefined)
  return (
    <select {...control} class="input select" value={props.value}
      onChange={(e) => props.onInput(e.currentTarget.value as V)}>
      {empty !== undefined && <option value="">{empty}</option>}
      {props.options.map((o) => (
        <option key={o.value} value={o.value} disabled={o.disabled} selected={o.value === props.value}>{o.label}</option>
      ))}
    </select>
  )
}

export interface CheckboxProps {
  checked: boolean
  onInput: (checked: boolean) => void
  /** Neither on nor off: some of what it stands for. */
  mixed?: boolean
  /** The visible label; without children, label names it for assistive technology. */
  children?: ComponentChildren
  label?: string
  hint?: string
  name?: string
  required?: boolean
  disabled?: boolean
}

/** Checkbox is one box with its label behind it. It needs no Field. */
export function Checkbox(props: CheckboxProps): VNode {
  const id = useId()
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) {
      box.current.indeterminate = Boolean(props.mixed)
    }
  }, [props.mixed])
  return (
    <label class={props.children ? 'choice' : 'choice choice-bare'}>
      <input ref={box} type="checkbox" name={props.name ?? id} checked={props.checked} required={props.required ?? false}
        disabled={props.disabled ?? false} aria-label={props.children ? undefined : props.label}
        aria-describedby={props.hint ? id + '-hint' : undefined} onChange={(e) => props.onInput(e.currentTarget.checked)}/>
      {props.children && (
        <span>
          {props.children}
          {props.hint && <span class="choice-hint" id={id + '-hint'}>{props.hint}</span>}
        </span>
      )}
    </label>
  )
}

export interface RadioGroupProps<V extends string> {
  value: V | ''
  onInput: (value: V) => void
  options: readonly Option<V>[]
  /** Side by side instead of one below the other. */
  inline?: boolean
  required?: boolean
  disabled?: boolean
}

/** RadioGroup stands in a Field with group set, which gives it its legend. */
export function RadioGroup<V extends string>(props: RadioGroupProps<V>): VNode {
  const own = useId()
  const field = useField()
  return (
    <div class={props.inline ? 'choices choices-inline' : 'choices'}>
      {props.options.map((o) => (
        <label key={o.value} class="choice">
          <input type="radio" name={field?.name ?? own} value={o.value} checked={o.value === props.value}
            required={props.required ?? field?.required ?? false} disabled={props.disabled || o.disabled || false}
            aria-describedby={field?.describedBy} onChange={() => props.onInput(o.value)}/>
          <span>{o.label}{o.hint && <span class="choice-hint">{o.hint}</span>}</span>
        </label>
      ))}
    </div>
  )
}
