/**
 * The client of the office's API. It knows tokens, problems and JSON, and no route: screens name path and type.
 *
 *   const units = await api.get<UnitList>('/units', { campaign: id })
 *
 * Reading is aborted when the person leaves the page; writing never is.
 */
import { pageSignal } from '../store/location'
import { Problem, problemOf } from './problem'
import { accessToken, base, refresh } from './session'

export type Query = Record<string, string | number | boolean | undefined>

interface Call {
  method: string
  path: string
  query?: Query | undefined
  body?: unknown
  signal?: AbortSignal | undefined
}

/** url joins base, path and query; undefined and empty values are left out. */
export function url(path: string, query: Query = {}): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') {
      pairs.set(name, String(value))
    }
  }
  const text = pairs.toString()
  return base + path + (text ? '?' + text : '')
}

/** raw sends a call with the token and returns a successful answer; a token that is missing or over is renewed once. */
async function raw(call: Call): Promise<Response> {
  if (!accessToken()) {
    await refresh()
  }
  const sent = accessToken()
  let answer = await send(call)
  if (answer.status === 401) {
    const problem = await problemOf(answer)
    if (problem.code !== 'token_expired' && problem.code !== 'unauthorized') {
      throw problem
    }
    if (accessToken() === sent) { // else somebody renewed it meanwhile
      await refresh()
    }
    answer = await send(call)
  }
  if (!answer.ok) {
    throw await problemOf(answer)
  }
  return answer
}

async function send(call: Call): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (accessToken()) {
    headers.Authorization = 'Bearer ' + accessToken()
  }
  const request: RequestInit = { method: call.method, headers, credentials: 'same-origin', cache: 'no-store' }
  if (call.body instanceof Blob) {
    request.body = call.body
    headers['Content-Type'] = call.body.type || 'application/octet-stream'
  } else if (call.body !== undefined) {
    request.body = JSON.stringify(call.body)
    headers['Content-Type'] = 'application/json'
  }
  if (call.signal) {
    request.signal = call.signal
  }
  try {
    return await fetch(url(call.path, call.query), request)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error
    }
    throw new Problem({ code: 'network', members: { cause: String(error) } })
  }
}

async function json<T>(call: Call): Promise<T> {
  const answer = await raw(call)
  const text = await answer.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** The methods of the API; T is the type of the answer, undefined for 204. */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    json<T>({ method: 'GET', path, query, signal: signal ?? pageSignal() }),
  post: <T = undefined>(path: string, body: unknown = {}) => json<T>({ method: 'POST', path, body }),
  patch: <T = undefined>(path: string, body: unknown) => json<T>({ method: 'PATCH', path, body }),
  put: <T = undefined>(path: string, body: unknown) => json<T>({ method: 'PUT', path, body }),
  del: <T = undefined>(path: string) => json<T>({ method: 'DELETE', path }),
}

/** open sends a POST that needs no token, such as the sign-in. */
export async function open<T>(path: string, body: unknown): Promise<T> {
  const answer = await send({ method: 'POST', path, body })
  if (!answer.ok) {
    throw await problemOf(answer)
  }
  return (await answer.json()) as T
}

/** blob loads bytes, such as a picture for an object URL. */
export async function blob(path: string, query?: Query, signal?: AbortSignal): Promise<Blob> {
  return (await raw({ method: 'GET', path, query, signal: signal ?? pageSignal() })).blob()
}

/** download saves a file: with the given name, else the server's. It goes on when the person leaves the page. */
export async function download(path: string, filename?: string, query?: Query): Promise<void> {
  const answer = await raw({ method: 'GET', path, query })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = filename ?? named(answer.headers.get('Content-Disposition') ?? '')
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** named reads the file name of a Content-Disposition (RFC 6266), the UTF-8 one first. */
export function named(disposition: string): string {
  const utf8 = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  if (utf8) {
    try {
      return decodeURIComponent(utf8)
    } catch {
      // then the plain one
    }
  }
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? 'download'
}
