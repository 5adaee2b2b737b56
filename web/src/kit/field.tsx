/** The frame of a form's control: label, hint, fault, and the wiring that lets assistive technology find them. */
import { type ComponentChildren, createContext, type VNode } from 'preact'
import { useContext, useEffect, useId } from 'preact/hooks'
import { t } from '../i18n/kit'
import { IconError } from './icons'

/** What a control learns from the Field around it. */
interface Wiring {
  id: string
  name: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  label: string
}

const FieldContext = /* @__PURE__ */ createContext<Wiring | undefined>(undefined)

/** What a Field tells the Form around it and learns from it. */
export interface FormWiring {
  faults: Record<string, string>
  /** Makes a field known by name; returns how to forget it. */
  register: (name: string, field: { id: string; label: string }) => () => void
}

export const FormContext = /* @__PURE__ */ createContext<FormWiring | undefined>(undefined)

export interface FieldProps {
  label: string
  /** Ties the field to a fault of that name from Form or from the server. */
  name?: string
  hint?: ComponentChildren
  error?: string | undefined
  required?: boolean
  /** The label is there for assistive technology only. */
  hideLabel?: boolean
  /** Several controls under one label (radio buttons, check boxes): a fieldset with a legend. */
  group?: boolean
  children: ComponentChildren
}

/** Field frames one control. The control inside takes its id, name and descriptions from here. */
export function Field(props: FieldProps): VNode {
  const id = useId()
  const form = useContext(FormContext)
  const name = props.name ?? id
  const error = props.error ?? form?.faults[name]
  useEffect(() => form?.register(name, { id, label: props.label }), [form?.register, name, id, props.label])
  const ids = [props.hint && id + '-hint', error && id + '-error'].filter(Boolean).join(' ')
  const wiring: Wiring = {
    id, name, describedBy: ids || undefined, invalid: Boolean(error), required: Boolean(props.required), label: props.label,
  }
  const label = <Label {...props}/>
  const inside = (
    <FieldContext.Provider value={wiring}>
      {props.group
        ? <legend class={props.hideLabel ? 'unseen' : 'field-label'}>{label}</legend>
        : <label class={props.hideLabel ? 'unseen' : 'field-label'} for={id}>{label}</label>}
      {props.hint && <div class="field-hint" id={id + '-hint'}>{props.hint}</div>}
      {props.children}
      {error ? <div class="field-error" id={id + '-error'}><IconError size={16}/><span>{error}</span></div> : null}
    </FieldContext.Provider>
  )
  if (props.group) {
    return <fieldset class="field" id={id} tabIndex={-1} aria-describedby={wiring.describedBy}>{inside}</fieldset>
  }
  return <div class="field">{inside}</div>
}

function Label(props: FieldProps) {
  return <>{props.label}{props.required && <span class="field-required"> {t('required')}</span>}</>
}

/** useField returns the wiring of the Field around, for controls that are made of several. */
export const useField = (): Wiring | undefined => useContext(FieldContext)

/** What all controls take. Inside a Field none of them is needed. */
export interface ControlProps {
  id?: string
  name?: string
  /** The name of a control that has no visible label, as in a table's toolbar. */
  label?: string
  required?: boolean
  disabled?: boolean
}

/** useControl returns the attributes that tie a native control to its Field. */
export function useControl(props: ControlProps) {
  const field = useContext(FieldContext)
  return {
    id: props.id ?? field?.id,
    name: props.name ?? field?.name,
    'aria-label': field ? undefined : props.label,
    'aria-describedby': field?.describedBy,
    'aria-invalid': field?.invalid ? ('true' as const) : undefined,
    required: props.required ?? field?.required ?? false,
    disabled: props.disabled ?? false,
  }
}
