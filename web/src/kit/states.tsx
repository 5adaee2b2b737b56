/** Waiting, and nothing there. */
import type { ComponentChildren, VNode } from 'preact'
import { t } from '../i18n/kit'
import { Button } from './button'
import { type Icon, IconInbox } from './icons'
import { Notice } from './notice'
import { describe } from './messages'

export interface EmptyStateProps {
  title: string
  /** What to do about it. */
  text?: ComponentChildren
  icon?: Icon
  action?: ComponentChildren
}

/** EmptyState says that there is nothing, and what comes next. */
export function EmptyState({ title, text, icon: Shown = IconInbox, action }: EmptyStateProps): VNode {
  return (
    <div class="empty">
      <Shown size={40}/>
      <p class="empty-title">{title}</p>
      {text && <p class="muted">{text}</p>}
      {action}
    </div>
  )
}

/** Spinner says that something is being loaded, to the eye and to screen readers. */
export function Spinner({ label }: { label?: string }): VNode {
  return <div class="spinner" role="status"><span class="spin" aria-hidden="true"/><span>{label ?? t('loading')}</span></div>
}

/** Skeleton stands where text will be. */
export function Skeleton({ lines = 3, label }: { lines?: number; label?: string }): VNode {
  return (
    <div class="skeleton" role="status">
      <span class="unseen">{label ?? t('loading')}</span>
      {Array.from({ length: lines }, (_, i) => <span key={i} class="skeleton-line"/>)}
    </div>
  )
}

/** LoadFault stands where something could not be loaded. */
export function LoadFault({ error, onRetry }: { error: unknown; onRetry: () => void }): VNode {
  return <Notice kind="error" live actions={<Button small onClick={onRetry}>{t('retry')}</Button>}>{describe(error)}</Notice>
}

export interface LoadedProps<T> {
  of: { data: T | undefined; error: Error | undefined; loading: boolean; reload: () => void }
  /** Lines of the skeleton meanwhile. */
  lines?: number
  children: (data: T) => ComponentChildren
}

/** Loaded shows what useResource loads: a skeleton, a fault with a button, or the data. Data that is loaded again stays. */
export function Loaded<T>({ of, lines = 4, children }: LoadedProps<T>): VNode {
  return (
    <>
      {of.error && <LoadFault error={of.error} onRetry={of.reload}/>}
      {of.data === undefined ? !of.error && <Skeleton lines={lines}/> : children(of.data)}
    </>
  )
}
