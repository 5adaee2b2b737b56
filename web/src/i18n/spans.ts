/** Spans of time in words, in the current language. */
import { date } from './format'
import { texts } from './texts'

export const t = texts({
  zh: {
    now: '刚刚',
    'second': '{n} 秒', 'minute': '{n} 分钟', 'hour': '{n} 小时', 'day': '{n} 天',
    ago: '{span}前',
    ahead: '{span}后',
    fast: '快 {span}',
    slow: '慢 {span}',
    exact: '准确',
  },
  en: {
    now: 'just now',
    second: { one: '{n} second', other: '{n} seconds' },
    minute: { one: '{n} minute', other: '{n} minutes' },
    hour: { one: '{n} hour', other: '{n} hours' },
    day: { one: '{n} day', other: '{n} days' },
    ago: '{span} ago',
    ahead: 'in {span}',
    fast: '{span} fast',
    slow: '{span} slow',
    exact: 'exact',
  },
})

const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]] as const

/** duration returns a span in ms in its largest unit, or its two largest ones: 2 小时 5 分钟. */
export function duration(ms: number, count: 1 | 2 = 2): string {
  let left = Math.abs(ms)
  const words: string[] = []
  for (const [unit, size] of units) {
    const n = Math.floor(left / size)
    left -= n * size
    if (n > 0) {
      words.push(t(unit, { n }))
    }
    if (words.length === count || (words.length > 0 && n === 0)) {
      break
    }
  }
  return words.join(' ') || t('second', { n: 0 })
}

/** relative returns 3 分钟前 or 2 天后, and the date when it is more than 30 days away. */
export function relative(ms: number, now: number): string {
  const span = now - ms
  if (Math.abs(span) < 10_000) {
    return t('now')
  }
  if (Math.abs(span) > 30 * 86_400_000) {
    return date(ms)
  }
  return t(span > 0 ? 'ago' : 'ahead', { span: duration(span, 1) })
}

/** clockOffset says how a phone's clock differs from the server's; below one second it is exact. */
export function clockOffset(ms: number): string {
  if (Math.abs(ms) < 1000) {
    return t('exact')
  }
  return t(ms > 0 ? 'fast' : 'slow', { span: duration(ms) })
}

/** clock returns a span as 1:02:03 or 02:03, for what counts down. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(s / 3600)
  return (hours > 0 ? hours + ':' : '') + two(Math.floor(s / 60) % 60) + ':' + two(s % 60)
}
