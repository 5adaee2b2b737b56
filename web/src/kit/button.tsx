/** Buttons, and links that look like them. */
import type { AriaAttributes, ComponentChildren, VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/kit'
import type { Icon } from './icons'
import { report } from './messages'

/** What may be added to the native element. */
export type Extra = AriaAttributes & { id?: string; tabIndex?: number; title?: string }

type Press = (event: MouseEvent) => unknown

export interface ButtonProps {
  /** primary: the one main action; danger: destroys or returns something; link: quiet, inside text and tables. */
  kind?: 'primary' | 'default' | 'danger' | 'link'
  /** Lower, for toolbars and tables; never on phones, where every target keeps 44 px. */
  small?: boolean
  /** Fills the width. */
  wide?: boolean
  /** Shows that something is under way and ignores presses; the focus stays. */
  busy?: boolean
  disabled?: boolean
  icon?: Icon
  type?: 'button' | 'submit'
  /** A promise it returns makes the button busy until it settles; its error is shown as a toast. */
  onClick?: Press
  /** Makes it a link. */
  href?: string
  /** Further attributes, such as aria-describedby. */
  extra?: Extra
  children: ComponentChildren
}

/** Button is a native button, or a link when it has an href. */
export function Button(props: ButtonProps): VNode {
  const { working, press } = usePress(props.onClick, props.busy || props.disabled)
  const busy = props.busy || working
  const look = `btn btn-${props.kind ?? 'default'}${props.small ? ' btn-small' : ''}${props.wide ? ' btn-wide' : ''}`
  const inside = (
    <>
      {busy ? <span class="spin" aria-hidden="true"/> : props.icon && <props.icon size={props.small ? 16 : 18}/>}
      <span class="btn-text">{props.children}</span>
    </>
  )
  if (props.href !== undefined) {
    return <a {...props.extra} class={look} href={props.href}>{inside}</a>
  }
  return (
    <button {...props.extra} class={look} type={props.type ?? 'button'} disabled={props.disabled ?? false}
      aria-disabled={busy ? 'true' : undefined} aria-busy={busy ? 'true' : undefined}
      onClick={(e) => (busy ? e.preventDefault() : press(e))}>
      {inside}
      {busy && <span class="unseen"> {t('busy')}</span>}
    </button>
  )
}

export interface IconButtonProps {
  icon: Icon
  /** What it does, for those who do not see the icon, and as its tooltip. */
  label: string
  onClick?: Press
  disabled?: boolean
  small?: boolean
  kind?: 'default' | 'danger'
  extra?: Extra
}

/** IconButton is a square button with an icon and no visible text. */
export function IconButton(props: IconButtonProps): VNode {
  const { working, press } = usePress(props.onClick, props.disabled)
  return (
    <button {...props.extra} type="button" class={`icon-btn icon-btn-${props.kind ?? 'default'}${props.small ? ' btn-small' : ''}`}
      aria-label={props.label} title={props.label} disabled={props.disabled ?? false}
      aria-disabled={working ? 'true' : undefined} onClick={press}>
      {working ? <span class="spin" aria-hidden="true"/> : <props.icon/>}
    </button>
  )
}

/** usePress runs a handler, once at a time when it returns a promise. */
function usePress(handler: Press | undefined, blocked: boolean | undefined) {
  const [working, setWorking] = useState(false)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const press = (event: MouseEvent) => {
    if (blocked || working) {
      return
    }
    const result = handler?.(event)
    if (result instanceof Promise) {
      setWorking(true)
      result.catch(report).finally(() => here.current && setWorking(false))
    }
  }
  return { working, press }
}
