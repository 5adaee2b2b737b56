/** Refusals of the server (RFC 9457) and of the network, as errors that screens and forms understand. */
import { t } from '../i18n/console/problem'
import { lang } from '../i18n/lang'

export class Problem extends Error {
  /** Stable domain word: moved, forbidden, token_expired …; 'network' when no server answered. */
  readonly code: string
  /** The server's public sentence. */
  readonly detail: string
  /** HTTP status; 0 when no server answered. */
  readonly status: number
  /** Sentences by the name of a form's field; Form shows them beside the fields. */
  readonly fields: Record<string, string>
  /** Further members of the problem document. */
  readonly members: Record<string, unknown>
  readonly requestId: string

  constructor(from: { code: string; status?: number; detail?: string; fields?: unknown; requestId?: string; members?: Record<string, unknown> }) {
    super(from.detail || from.code)
    this.name = 'Problem'
    this.code = from.code
    this.detail = from.detail ?? ''
    this.status = from.status ?? 0
    this.members = from.members ?? {}
    this.fields = sentences(from.fields)
    if (typeof this.members.field === 'string') { // the one at fault, as most refusals name it
      this.fields[this.members.field] = fieldText(this.members.field, this.detail)
    }
    this.requestId = from.requestId ?? ''
  }

  /** What to tell the person, in their language where the code is a known one. */
  get text(): string {
    if (this.code === 'invalid' && lang.value === 'en' && this.detail) {
      return this.detail // it is written in English, and says more
    }
    return sentence(this.code) ?? (this.detail || t('unknown', { code: this.code }))
  }
}

/** fieldText says what is wrong with one field. The server's own sentence is in English. */
function fieldText(field: string, detail: string): string {
  if (lang.value === 'en' && detail) {
    return detail
  }
  const key = 'field.' + field
  return key in t.zh ? t(key as 'field.other') : t('field.other')
}

function sentence(code: string): string | undefined {
  return code !== 'unknown' && Object.keys(t.zh).includes(code) ? t(code as Exclude<keyof typeof t.zh, 'unknown'>) : undefined
}

function sentences(from: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  if (from !== null && typeof from === 'object') {
    for (const [name, value] of Object.entries(from)) {
      found[name] = String(value)
    }
  }
  return found
}

/** problemOf reads an answer that is not a success. */
export async function problemOf(answer: Response): Promise<Problem> {
  let body: Record<string, unknown> = {}
  try {
    const parsed: unknown = await answer.json()
    body = parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {}
  } catch {
    // A proxy in between answers with whatever it likes.
  }
  const word = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '')
  return new Problem({
    code: word('code') || `http_${answer.status}`,
    status: answer.status,
    detail: word('detail') || word('title'),
    fields: body.fields,
    requestId: word('request_id') || (answer.headers.get('X-Request-Id') ?? ''),
    members: body,
  })
}
