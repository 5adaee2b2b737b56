/** Starting an app. */
import { render, type VNode } from 'preact'
import { followLang } from '../i18n/lang'
import { follow } from '../store/location'
import { ConfirmHost } from './confirm'
import { Guard } from './guard'
import { ToastHost } from './toast'

/**
 * start puts an app on its page and takes away the message of the boot watchdog. The page shows that message by itself when
 * nothing takes it away for some seconds, so it also stands when this script was never loaded.
 */
export function start(app: VNode): void {
  const root = document.getElementById('app')
  const boot = document.getElementById('boot')
  try {
    followLang()
    follow()
    if (root) {
      render(<><Guard>{app}</Guard><ToastHost/><ConfirmHost/></>, root)
    }
    boot?.remove()
  } catch (error) {
    boot?.classList.add('boot-failed')
    throw error
  }
}
