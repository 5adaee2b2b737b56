/** Cutting a phone's export file for the server, which takes at most 2 MiB at once; many a proxy before it takes 1. */
import { t } from '../../i18n/console/trail'

const most = 1 << 20

/** header returns the number of lines that follow a header line, or undefined for a line that is none. */
function header(line: string): number | undefined {
  try {
    const h: unknown = JSON.parse(line)
    if (h !== null && typeof h === 'object' && 'device' in h && 'count' in h && typeof h.count === 'number') {
      return h.count
    }
  } catch {
    // no JSON, no header
  }
  return undefined
}

/**
 * pieces cuts a file before header lines, as few pieces as there can be. A push is a header line and the lines it counts,
 * so the lines themselves are never looked into.
 */
export function pieces(name: string, text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const size = new TextEncoder()
  const out: string[] = []
  let piece = ''
  let bytes = 0
  for (let i = 0; i < lines.length;) {
    if (lines[i]?.trim() === '') { // the end of the file, or of an export within it
      i++
      continue
    }
    const count = header(lines[i] ?? '')
    if (count === undefined || i + count >= lines.length + 1) {
      throw { message: t('unreadable', { name }) }
    }
    const push = lines.slice(i, i + 1 + count).join('\n') + '\n'
    const length = size.encode(push).length
    if (length > most) {
      throw { message: t('badFile', { name }) }
    }
    if (bytes + length > most) {
      out.push(piece)
      piece = ''
      bytes = 0
    }
    piece += push
    bytes += length
    i += 1 + count
  }
  if (piece === '') {
    throw { message: t('unreadable', { name }) }
  }
  return [...out, piece]
}
