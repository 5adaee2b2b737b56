/** A message that stays on the page. */
import type { ComponentChildren, VNode } from 'preact'
import { t } from '../i18n/kit'
import { type Icon, IconError, IconInfo, IconSuccess, IconWarning } from './icons'

export type Kind = 'info' | 'success' | 'warning' | 'error'

/** kindIcon is the icon of a kind, so that colour never says it alone. */
export function kindIcon(kind: Kind): Icon {
  return { info: IconInfo, success: IconSuccess, warning: IconWarning, error: IconError }[kind]
}

export interface NoticeProps {
  kind?: Kind
  title?: string
  /** Buttons at the end. */
  actions?: ComponentChildren
  /** Read out at once: for what appears because of something the person did. */
  live?: boolean
  children?: ComponentChildren
}

/** Notice is a box with an icon, a title and text. */
export function Notice({ kind = 'info', title, actions, live, children }: NoticeProps): VNode {
  const Icon = kindIcon(kind)
  return (
    <div class={`notice tone-${kind}`} role={live ? (kind === 'error' ? 'alert' : 'status') : undefined}>
      <Icon/>
      <div class="notice-body">
        <span class="unseen">{t(`notice.${kind}`)} </span>
        {title && <strong class="notice-title">{title}</strong>}
        {children && <div>{children}</div>}
        {actions && <div class="row notice-actions">{actions}</div>}
      </div>
    </div>
  )
}
