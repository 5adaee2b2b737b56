/** Refusals of the server (RFC 9457) and of the network, as errors that screens and forms understand. */
import { t } from '../i18n/console/problem'
import { lang } from '../i18n/lang'

export class Problem extends Error {
  /** Stable domain word: moved, forbidden, token_expired …; 'network' when no server answered. */
  readonly code: string
  /** The server's public sentence, in English and in Chinese. */
  readonly detail: string
  readonly detailZH: string
  /** HTTP status; 0 when no server answered. */
  readonly status: number
  /** Sentences by the name of a form's field; Form shows them beside the fields. */
  readonly fields: Record<string, string>
  /** Further members of the problem document. */
  readonly members: Record<string, unknown>
  readonly requestId: string

  constructor(from: { code: string; status?: number; detail?: string; detailZH?: string; fields?: unknown; requestId?: string; members?: Record<string, unknown> }) {
    super(from.detail || from.code)
    this.name = 'Problem'
    this.code = from.code
    this.detail = from.detail ?? ''
    this.detailZH = from.detailZH ?? ''
    this.status = from.status ?? 0
    this.members = from.members ?? {}
    this.fields = sentences(from.fields)
    if (typeof this.members.field === 'string') { // the one at fault, as most refusals name it
      this.fields[this.members.field] = this.text
    }
    this.requestId = from.requestId ?? ''
  }

  /** What to tell the person, in their language. */
  get text(): string {
    return inWords(this.code, this.detail, this.detailZH)
  }
}

/** inWords says a refusal in the person's language: in the server's words, which say most, where it had any. */
export function inWords(code: string, detail: string, detailZH: string): string {
  const said = lang.value === 'en' ? whole(detail) : detailZH
  return said || (code === 'network' ? t('network') : t('unknown', { code }))
}

/** whole makes a sentence of what the server says in English without a capital and a full stop. */
function whole(detail: string): string {
  const said = detail.charAt(0).toUpperCase() + detail.slice(1)
  return said && !/[.!?]$/.test(said) ? said + '.' : said
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
    detailZH: word('detail_zh'),
    fields: body.fields,
    requestId: word('request_id') || (answer.headers.get('X-Request-Id') ?? ''),
    members: body,
  })
}
