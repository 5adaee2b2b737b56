/** Controls for days and instants. */
import type { VNode } from 'preact'
import { chinaTime, instant, isoDay, time } from '../i18n/format'
import { type ControlProps, useControl } from './field'

export interface DateInputProps extends ControlProps {
  /** A calendar day, 2026-03-15, or empty. */
  value: string
  onInput: (value: string) => void
  min?: string
  max?: string
}

/** DateInput is a native date box; its value is a calendar day without a zone. */
export function DateInput(props: DateInputProps): VNode {
  const control = useControl(props)
  return (
    <input {...control} class="input input-date" type="date" value={props.value} min={props.min} max={props.max}
      onInput={(e) => props.onInput(e.currentTarget.value)}/>
  )
}

export interface DateTimeInputProps extends ControlProps {
  /** Unix ms. */
  value: number | undefined
  onInput: (value: number | undefined) => void
  /** The zone in which it is read and typed: China's, wherever the browser stands. */
  zone?: string
}

/** DateTimeInput is a native box for a day and a time to the minute. */
export function DateTimeInput({ value, onInput, zone = chinaTime, ...rest }: DateTimeInputProps): VNode {
  const control = useControl(rest)
  return (
    <input {...control} class="input input-date" type="datetime-local"
      value={value === undefined ? '' : `${isoDay(value, zone)}T${time(value, zone)}`}
      onInput={(e) => onInput(instant(e.currentTarget.value, zone))}/>
  )
}
