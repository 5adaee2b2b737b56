/** The language of the page: a signal that every text reads, so changing it repaints what is shown. */
import { effect, signal } from '@preact/signals'

export type Lang = 'zh-CN' | 'en'

const storageKey = 'fieldsync.lang'

/** remembered returns the choice made here before, else what the browser prefers. */
function remembered(): Lang {
  let choice: string | null = null
  try {
    choice = localStorage.getItem(storageKey)
  } catch {
    // A browser may forbid storage; the language is then chosen anew each time.
  }
  if (choice === 'zh-CN' || choice === 'en') {
    return choice
  }
  const preferred = typeof navigator === 'undefined' ? 'zh' : navigator.language
  return /^zh/i.test(preferred || 'zh') ? 'zh-CN' : 'en'
}

export const lang = signal<Lang>(remembered())

/** setLang changes the language and remembers it on this device. */
export function setLang(to: Lang): void {
  lang.value = to
  try {
    localStorage.setItem(storageKey, to)
  } catch {
    // As above.
  }
}

/** followLang keeps <html lang> to the language; apps call it once. */
export function followLang(): void {
  effect(() => {
    document.documentElement.lang = lang.value
  })
}
