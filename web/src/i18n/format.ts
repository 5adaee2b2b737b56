/**
 * Numbers, money, dates and spans of time as people read them, in the current language. Instants are Unix milliseconds,
 * as in the protocol; zone is an IANA name, by default the one time zone of China.
 */
import { lang } from './lang'

export const chinaTime = 'Asia/Shanghai'

const formats = new Map<string, Intl.DateTimeFormat>()

/** parts returns the fields of an instant in zone as digits; h23 keeps midnight 00. */
function parts(ms: number, zone: string): Record<string, string> {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit',
      hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    formats.set(zone, format)
  }
  const found: Record<string, string> = {}
  for (const part of format.formatToParts(ms)) {
    found[part.type] = part.value
  }
  return found
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const chinese = () => lang.value === 'zh-CN'

/** isoDay returns 2026-03-15: for keys, inputs and file names. */
export function isoDay(ms: number, zone = chinaTime): string {
  const p = parts(ms, zone)
  return `${p.year}-${p.month}-${p.day}`
}

/** date returns 2026年3月15日 or 15 Mar 2026. */
export function date(ms: number, zone = chinaTime): string {
  return dayText(isoDay(ms, zone))
}

/** dayText reads a calendar day such as 2026-03-15, which has no zone. */
export function dayText(iso: string): string {
  const [y = '', m = '', d = ''] = iso.split('-')
  return chinese() ? `${y}年${Number(m)}月${Number(d)}日` : `${Number(d)} ${months[Number(m) - 1] ?? m} ${y}`
}

/** time returns 14:05. */
export function time(ms: number, zone = chinaTime): string {
  const p = parts(ms, zone)
  return `${p.hour}:${p.minute}`
}

/** dateTime returns the date with 14:05, and with 14:05:07 when exact. */
export function dateTime(ms: number, options: { zone?: string; exact?: boolean } = {}): string {
  const zone = options.zone ?? chinaTime
  const seconds = options.exact ? ':' + parts(ms, zone).second : ''
  return `${date(ms, zone)} ${time(ms, zone)}${seconds}`
}

/** weekday returns 周日 or Sun. */
export function weekday(ms: number, zone = chinaTime): string {
  const name = parts(ms, zone).weekday ?? ''
  return chinese() ? '周' + '日一二三四五六'.charAt(weekdays.indexOf(name)) : name
}

/** number returns 12,345, with that many digits after the point, or as many as the value has up to 3. */
export function number(value: number, digits?: number): string {
  const [whole = '', rest] = digits === undefined ? String(Number(value.toFixed(3))).split('.') : value.toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return (rest ? `${grouped}.${rest}` : grouped).replace('-', '−')
}

/** listed puts pieces of text beside each other: 甲、乙 or A, B. */
export const listed = (pieces: readonly string[]): string => pieces.join(chinese() ? '、' : ', ')

/** aside is a remark in brackets behind a word, with the space that English has before it. */
export const aside = (remark: string): string => (chinese() ? `（${remark}）` : ` (${remark})`)

/** colon stands between a label and what it labels. */
export const colon = (): string => (chinese() ? '：' : ': ')

/** sentences puts whole sentences behind each other. */
export const sentences = (all: readonly string[]): string => all.filter(Boolean).join(chinese() ? '' : ' ')

/** scaled returns an integer in parts of 10^places as a number: scaled(267, 2) is 2.67. */
export function scaled(value: number, places: number): string {
  return number(value / 10 ** places, places)
}

/** yuan returns an amount in 分 as ¥12,345.60; without 分 when there are none. */
export function yuan(fen: number): string {
  return (fen < 0 ? '−¥' : '¥') + number(Math.abs(fen) / 100, fen % 100 === 0 ? 0 : 2)
}

/** percent returns 12.5% of a share between 0 and 1, with at most that many digits after the point. */
export function percent(share: number, digits = 1): string {
  return number(Number((share * 100).toFixed(digits))) + '%'
}

/** bytes returns 1.2 MB. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let i = 0
  while (n >= 999.5 && i < units.length - 1) {
    n /= 1000
    i++
  }
  return `${number(n, i === 0 || n >= 100 ? 0 : 1)} ${units[i]}`
}

/** instant reads 2026-03-15T14:05 as the clock on the wall in zone; undefined when it is no time. */
export function instant(local: string, zone = chinaTime): number | undefined {
  const asUtc = Date.parse(local.slice(0, 16) + ':00Z')
  if (!/^\d{4,}-\d\d-\d\dT\d\d:\d\d/.test(local) || Number.isNaN(asUtc)) {
    return undefined
  }
  const shift = (ms: number) => Date.parse(`${isoDay(ms, zone)}T${time(ms, zone)}:00Z`) - ms
  return asUtc - shift(asUtc - shift(asUtc))
}
