/** The time as a signal, ticking only while something shows it. */
import { signal } from '@preact/signals'

let timer: ReturnType<typeof setInterval> | undefined

/** now is the time in Unix ms, renewed every second while it is watched. */
export const now = signal(Date.now(), {
  watched() {
    now.value = Date.now()
    timer = setInterval(() => (now.value = Date.now()), 1000)
  },
  unwatched() {
    clearInterval(timer)
  },
})
