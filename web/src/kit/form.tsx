/** A form: checks what was typed, sends it once, and leads to what is wrong. */
import type { ComponentChildren, VNode } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/kit'
import { Button } from './button'
import { FormContext, type FormWiring } from './field'
import { describe } from './messages'

export interface FormProps {
  /** Called when every control is content. It may throw: members of error.fields go to the fields of these names. */
  onSubmit: () => unknown
  /** The text of the submit button. */
  submit?: string
  danger?: boolean
  disabled?: boolean
  onCancel?: () => void
  /** Buttons beside the submit button. */
  actions?: ComponentChildren
  /** Names the form, when it is not the only thing in a dialog or page. */
  label?: string
  children: ComponentChildren
}

interface Fault {
  name: string
  text: string
}

/** Form shows a summary of all faults, which takes the focus and links to the fields; each field shows its own. */
export function Form(props: FormProps): VNode {
  const [faults, setFaults] = useState<Fault[]>([])
  const [failure, setFailure] = useState('')
  const [busy, setBusy] = useState(false)
  const [turn, setTurn] = useState(0)
  const { fields, wiring } = useFields(faults)
  const summary = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (turn > 0) {
      summary.current?.focus()
    }
  }, [turn])

  const show = (found: Fault[], sentence = '') => {
    setFaults(found)
    setFailure(sentence)
    setTurn((n) => n + 1)
  }
  const send = async (form: HTMLFormElement) => {
    const found = nativeFaults(form)
    if (found.length > 0) {
      return show(found)
    }
    setFaults([])
    setFailure('')
    setBusy(true)
    try {
      await props.onSubmit()
    } catch (error) {
      const named = Object.entries((error as { fields?: Record<string, string> }).fields ?? {})
      show(named.map(([name, text]) => ({ name, text })), describe(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <FormContext.Provider value={wiring}>
      <form class="form" noValidate aria-label={props.label}
        onInput={(e) => forget((e.target as HTMLInputElement).name, faults, setFaults)}
        onSubmit={(e) => {
          e.preventDefault()
          if (!busy && !props.disabled) {
            void send(e.currentTarget)
          }
        }}>
        {/* null, never '': Preact would take an empty text's place with the next div and mount all fields anew */}
        {faults.length > 0 || failure ? (
          <div class="notice tone-error form-summary" ref={summary} tabIndex={-1} role="alert">
            <div class="notice-body">
              <strong class="notice-title">{faults.length > 0 ? t('form.faults', { n: faults.length }) : t('form.failed')}</strong>
              {failure && <div>{failure}</div>}
              <FaultList faults={faults} fields={fields}/>
            </div>
          </div>
        ) : null}
        {props.children}
        <div class="row form-actions">
          <Button kind={props.danger ? 'danger' : 'primary'} type="submit" busy={busy} disabled={props.disabled ?? false}>
            {props.submit ?? t('save')}
          </Button>
          {props.onCancel && <Button onClick={props.onCancel} disabled={busy}>{t('cancel')}</Button>}
          {props.actions}
        </div>
      </form>
    </FormContext.Provider>
  )
}

type Fields = Map<string, { id: string; label: string }>

/** useFields keeps the fields that made themselves known, and hands them their faults. */
function useFields(faults: Fault[]): { fields: Fields; wiring: FormWiring } {
  const fields = useRef<Fields>(new Map()).current
  const register = useCallback<FormWiring['register']>((name, field) => {
    fields.set(name, field)
    return () => fields.delete(name)
  }, [fields])
  const wiring = useMemo(() => {
    const byName: Record<string, string> = {}
    for (const f of faults) {
      byName[f.name] = f.text
    }
    return { faults: byName, register }
  }, [faults, register])
  return { fields, wiring }
}

function FaultList(props: { faults: Fault[]; fields: Fields }) {
  return (
    <ul class="plain">
      {props.faults.map((f) => {
        const field = props.fields.get(f.name)
        if (!field) {
          return <li key={f.name}>{f.text}</li>
        }
        return (
          <li key={f.name}>
            <button type="button" class="text-link" onClick={() => document.getElementById(field.id)?.focus()}>
              {t('form.fault', { label: field.label, fault: f.text })}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** forget drops the fault of a field that is being changed. */
function forget(name: string, faults: Fault[], set: (faults: Fault[]) => void): void {
  if (faults.some((f) => f.name === name)) {
    set(faults.filter((f) => f.name !== name))
  }
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** nativeFaults asks each control what the browser thinks of it, and says it in the page's language. */
function nativeFaults(form: HTMLFormElement): Fault[] {
  const found = new Map<string, string>()
  for (const element of Array.from(form.elements)) {
    const control = element as Control
    if (control.willValidate && !control.validity.valid && !found.has(control.name)) {
      found.set(control.name, faultText(control))
    }
  }
  return [...found].map(([name, text]) => ({ name, text }))
}

function faultText(control: Control): string {
  const v = control.validity
  if (v.customError) {
    return control.validationMessage
  }
  if (v.valueMissing) {
    return t(/^(radio|checkbox|select-one|file)$/.test(control.type) ? 'fault.choose' : 'fault.missing')
  }
  if (control instanceof HTMLSelectElement) {
    return t('fault.choose')
  }
  if (v.tooShort) {
    return t('fault.short', { min: control.minLength })
  }
  if (v.tooLong) {
    return t('fault.long', { max: control.maxLength })
  }
  if (control instanceof HTMLInputElement && v.rangeUnderflow) {
    return t('fault.min', { min: control.min })
  }
  if (control instanceof HTMLInputElement && v.rangeOverflow) {
    return t('fault.max', { max: control.max })
  }
  return t('fault.format')
}
