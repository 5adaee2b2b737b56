/** Modal dialogs on the native element: the browser keeps the focus inside, Esc closes, the focus goes back. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { t } from '../i18n/kit'
import { IconButton } from './button'
import { IconClose } from './icons'

export interface DialogProps {
  open: boolean
  title: string
  /** Esc and the close button. The owner sets open to false. */
  onClose: () => void
  /** Buttons at the bottom; a Form inside brings its own. */
  footer?: ComponentChildren
  /** small 420 px, default 560 px, wide 880 px, side a panel at the right. */
  size?: 'small' | 'wide' | 'side'
  /** A selector of what gets the focus at first; unless told, what comes first. */
  focus?: string
  children: ComponentChildren
}

/** Dialog shows its children only while it is open, so that a form in it begins anew each time. */
export function Dialog(props: DialogProps): VNode | null {
  return props.open ? <OpenDialog {...props}/> : null
}

function OpenDialog({ title, onClose, footer, size, focus, children }: DialogProps) {
  const id = useId()
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    const dialog = box.current
    if (dialog && typeof dialog.showModal === 'function') {
      dialog.showModal()
    } else {
      dialog?.setAttribute('open', '') // Safari before 15.4: shown on top by style, without the browser's help
      dialog?.focus()
    }
    if (focus) {
      dialog?.querySelector<HTMLElement>(focus)?.focus()
    }
    return () => {
      dialog?.close?.()
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus()
      }
    }
  }, [])
  return (
    <dialog ref={box} class={`dialog dialog-${size ?? 'default'}`} aria-labelledby={id} aria-modal="true" tabIndex={-1}
      onKeyDown={(e) => {
        if (e.key === 'Escape' && !e.isComposing) {
          e.preventDefault()
          e.stopPropagation()
          onClose()
        }
      }}
      onCancel={(e) => e.preventDefault()}>
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon={IconClose} label={t('close')} onClick={onClose}/>
      </header>
      <div class="dialog-body">{children}</div>
      {footer && <footer class="row dialog-foot">{footer}</footer>}
    </dialog>
  )
}
