// Made from the server's Go types; go generate ./internal/openapi writes it anew. Do not edit.

/** An error (RFC 9457). */
export interface Problem {
  /** urn:fieldsync:problem: and the code */
  type: string
  /** the same for every problem with this code */
  title: string
  /** of the answer */
  status: number
  /** one sentence for people */
  detail: string
  /** the same in Chinese */
  detail_zh: string
  /** stable, compared by programs */
  code: string
  /** what the server's log calls the request */
  request_id: string
  [member: string]: unknown
}

export interface Ask {
  name: string
  other?: string
  note?: string
}

export type Colour = 'red' | 'green'

export interface Page<T> {
  items: T[]
  next: string
  total?: number
}

export interface Row {
  id: string
  name: number
  colour: Colour
  parent: Row | null
  maybe: number | null
  left?: string
  raw: unknown
  fields: Record<string, unknown>
  bytes: string
  at: string
  kinds: Colour[]
  inner: { A: boolean }
}
