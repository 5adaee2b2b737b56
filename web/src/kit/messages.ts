/** The messages that are shown as toasts, and how an error becomes one. */
import { signal } from '@preact/signals'
import type { Kind } from './notice'

export interface Message {
  id: number
  kind: Kind
  text: string
}

export const messages = signal<Message[]>([])
let last = 0

/** drop removes a message. */
export const drop = (id: number) => (messages.value = messages.value.filter((m) => m.id !== id))

/** toast shows a message: for 5 s, an error until it is closed, unless ms says otherwise (0: until closed). */
export function toast(text: string, kind: Kind = 'success', ms = kind === 'error' ? 0 : 5000): void {
  const id = ++last
  messages.value = [...messages.value.slice(-3), { id, kind, text }]
  if (ms > 0) {
    setTimeout(() => drop(id), ms)
  }
}

/** describe returns what to tell a person about an error: its text in their language if it has one, else its message. */
export function describe(error: unknown): string {
  const e = error as { text?: unknown; message?: unknown } | null
  return String(e?.text ?? e?.message ?? error)
}

/** report shows an error as a toast. Loading that was given up is none. */
export function report(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) {
    toast(describe(error), 'error')
  }
}
