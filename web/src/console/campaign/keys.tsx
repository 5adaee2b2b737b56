/** The keyboard of the review. Single keys can be switched off, for those who dictate to their computer. */
import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../../i18n/console/review'
import { Checkbox, Dialog } from '../../kit'

export type Key = 'j' | 'k' | 'Enter' | 'a' | 'r' | 'i' | 'c' | 'x' | '/' | '?' | 'Escape'

const storageKey = 'fieldsync.keys'

function stored(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

const on = signal(stored())

function setOn(to: boolean): void {
  on.value = to
  try {
    localStorage.setItem(storageKey, to ? 'on' : 'off')
  } catch {
    // A browser may forbid storage; the choice then lasts as long as the page.
  }
}

/** useKeys calls do for a key that nobody else needs: not in a box, not in a dialog, not with a modifier. */
export function useKeys(act: (key: Key) => boolean): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if (!on.value || e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || busy(e)) {
        return
      }
      if (latest.current(e.key as Key)) {
        e.preventDefault()
      }
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

/** busy says whether a key belongs to what has the focus. Enter on a button or link is theirs. */
function busy(e: KeyboardEvent): boolean {
  const here = e.target instanceof Element ? e.target : undefined
  if (document.querySelector('dialog[open]') || here?.closest('input:not([type=checkbox]), textarea, select, [contenteditable], [role=menu]')) {
    return true
  }
  return e.key === 'Enter' && Boolean(here?.closest('a, button, summary'))
}

/** KeysHelp lists the keys and holds the switch. */
export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }): VNode {
  const keys: [string, string][] = [
    ['j', t('keys.next')], ['k', t('keys.prev')], ['Enter', t('keys.open')], ['a', t('keys.accept')], ['r', t('keys.return')],
    ['i', t('keys.issues')], ['c', t('keys.comment')], ['x', t('keys.select')], ['/', t('keys.search')], ['Esc', t('keys.back')], ['?', t('keys.help')],
  ]
  return (
    <Dialog open={open} size="small" title={t('keys.title')} onClose={onClose}>
      <dl class="keys">{keys.map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{text}</dd></div>)}</dl>
      <p class="muted small">{t('keys.note')}</p>
      <Checkbox checked={on.value} onInput={setOn}>{t('keys.on')}</Checkbox>
    </Dialog>
  )
}
