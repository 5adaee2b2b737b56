/** Short messages that come and go, and are read out. What must not be missed is a Notice or a Dialog. */
import type { VNode } from 'preact'
import { t } from '../i18n/kit'
import { IconButton } from './button'
import { IconClose } from './icons'
import { drop, type Message, messages } from './messages'
import { kindIcon } from './notice'

/** ToastHost is where the messages appear; start() puts it on the page. */
export function ToastHost(): VNode {
  return (
    <div class="toasts" role="region" aria-label={t('toast.region')}>
      <div role="status" aria-live="polite">
        {messages.value.filter((m) => m.kind !== 'error').map((m) => <Toast key={m.id} {...m}/>)}
      </div>
      <div role="alert">
        {messages.value.filter((m) => m.kind === 'error').map((m) => <Toast key={m.id} {...m}/>)}
      </div>
    </div>
  )
}

function Toast(props: Message) {
  const Icon = kindIcon(props.kind)
  return (
    <div class={`toast tone-${props.kind}`}>
      <Icon/>
      <span class="toast-text"><span class="unseen">{t(`notice.${props.kind}`)} </span>{props.text}</span>
      <IconButton icon={IconClose} label={t('toast.close')} small onClick={() => drop(props.id)}/>
    </div>
  )
}
