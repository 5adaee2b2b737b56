/** Controls for text and numbers. Values are plain: give value, take onInput. */
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/kit'
import { IconButton } from './button'
import { type ControlProps, useControl } from './field'
import { IconClose, IconEye, IconEyeOff, IconSearch } from './icons'

interface TextProps extends ControlProps {
  value: string
  onInput: (value: string) => void
  placeholder?: string
  minLength?: number
  maxLength?: number
  autocomplete?: string
}

export interface TextInputProps extends TextProps {
  type?: 'text' | 'tel' | 'url' | 'email'
  /** The keyboard that a phone shows. */
  inputMode?: 'text' | 'numeric' | 'decimal' | 'tel'
  pattern?: string
}

const typed = (event: Event) => (event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value

/** TextInput is one line of text. */
export function TextInput(props: TextInputProps): VNode {
  const control = useControl(props)
  return (
    <input {...control} class="input" type={props.type ?? 'text'} value={props.value} placeholder={props.placeholder}
      minLength={props.minLength} maxLength={props.maxLength} pattern={props.pattern} inputMode={props.inputMode}
      autocomplete={props.autocomplete ?? 'off'} onInput={(e) => props.onInput(typed(e))}/>
  )
}

/** PasswordInput is hidden text with a button that shows it. */
export function PasswordInput(props: TextProps): VNode {
  const control = useControl(props)
  const [shown, setShown] = useState(false)
  return (
    <div class="input-group">
      <input {...control} class="input" type={shown ? 'text' : 'password'} value={props.value} minLength={props.minLength}
        maxLength={props.maxLength} autocomplete={props.autocomplete ?? 'current-password'} autocapitalize="none"
        spellcheck={false} onInput={(e) => props.onInput(typed(e))}/>
      <IconButton icon={shown ? IconEyeOff : IconEye} label={t(shown ? 'password.hide' : 'password.show')}
        onClick={() => setShown(!shown)}/>
    </div>
  )
}

export interface TextareaProps extends TextProps {
  /** Lines that are visible, 4 unless told. */
  rows?: number
}

/** Textarea is text of several lines. */
export function Textarea(props: TextareaProps): VNode {
  const control = useControl(props)
  return (
    <textarea {...control} class="input" rows={props.rows ?? 4} value={props.value} placeholder={props.placeholder}
      minLength={props.minLength} maxLength={props.maxLength} onInput={(e) => props.onInput(typed(e))}/>
  )
}

export interface NumberInputProps extends ControlProps {
  /** undefined is an empty box: not counted, which is not the same as 0. */
  value: number | undefined
  onInput: (value: number | undefined) => void
  /** 0 unless told. */
  min?: number
  max?: number
  /** Shown behind the box: 人次, 份 … */
  unit?: string
}

/** NumberInput takes whole numbers only; while what is typed is none, the value is undefined and the form refuses it. */
export function NumberInput({ value, onInput, min = 0, max = Number.MAX_SAFE_INTEGER, unit, ...rest }: NumberInputProps): VNode {
  const control = useControl(rest)
  const box = useRef<HTMLInputElement>(null)
  const [raw, setRaw] = useState(value === undefined ? '' : String(value))
  const shown = wholeNumber(raw) === value ? raw : value === undefined ? raw : String(value)
  const fault = numberFault(shown, min, max)
  useEffect(() => box.current?.setCustomValidity(fault), [fault])
  return (
    <div class="input-group">
      <input {...control} ref={box} class="input input-number" type="text" inputMode="numeric" autocomplete="off" value={shown}
        aria-invalid={fault ? 'true' : control['aria-invalid']}
        onInput={(e) => {
          const text = halfWidth(typed(e))
          setRaw(text)
          onInput(numberFault(text, min, max) ? undefined : wholeNumber(text))
        }}/>
      {unit && <span class="input-unit">{unit}</span>}
    </div>
  )
}

/** halfWidth turns the wide digits of Chinese keyboards into plain ones and drops separators and spaces. */
const halfWidth = (text: string) =>
  text.replace(/[０-９－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[,，\s]/g, '')

const wholeNumber = (text: string) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined)

function numberFault(text: string, min: number, max: number): string {
  const n = wholeNumber(text)
  if (text === '') {
    return ''
  }
  return n === undefined ? t('fault.whole') : n < min ? t('fault.min', { min }) : n > max ? t('fault.max', { max }) : ''
}

export interface SearchBoxProps {
  label?: string
  value: string
  /** Called 300 ms after the last key and at once on Enter; never in the middle of a composed character. */
  onSearch: (value: string) => void
  placeholder?: string
}

/** SearchBox is a search landmark with one box. */
export function SearchBox({ label = t('search'), value, onSearch, placeholder }: SearchBoxProps): VNode {
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const said = useRef(value)
  const say = (next: string, wait: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      said.current = next
      onSearch(next)
    }, wait)
  }
  useEffect(() => {
    if (value !== said.current) {
      said.current = value
      setText(value)
    }
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <form class="search" role="search" aria-label={label} onSubmit={(e) => {
      e.preventDefault()
      say(text, 0)
    }}>
      <IconSearch size={18}/>
      <input class="input" type="search" enterkeyhint="search" autocomplete="off" aria-label={label} placeholder={placeholder ?? label}
        value={text} onCompositionEnd={(e) => say(typed(e), 300)}
        onInput={(e) => {
          setText(typed(e))
          if (!(e as InputEvent).isComposing) {
            say(typed(e), 300)
          }
        }}/>
      {text !== '' && (
        <IconButton icon={IconClose} small label={t('search.clear')} onClick={() => {
          setText('')
          say('', 0)
        }}/>
      )}
    </form>
  )
}
