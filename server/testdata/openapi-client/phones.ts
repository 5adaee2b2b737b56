// A phone, written against what openapi-typescript makes of the document: it is enrolled, gets a token, and reads its setup and
// the records. The arguments are the server's address and an enrolment code.
import createClient from 'openapi-fetch'
import type { components, paths } from './phones.document.js'

declare const process: { argv: string[] }
const [url, code] = process.argv.slice(2) as [string, string]
const api = createClient<paths>({ baseUrl: url })

const key = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key.publicKey)
const publicKey = { kty, crv, x, y }

const refused = await api.POST('/api/v1/devices', { body: { code: '2222-2222-2222', public_key: publicKey } })
const problem: components['schemas']['Problem'] | undefined = refused.error
check(refused.response.status === 404 && problem?.code === 'bad_code', 'an unknown code is refused', problem)

const enrolled = await api.POST('/api/v1/devices', { body: { code, name: '测试手机', platform: 'test', public_key: publicKey } })
check(enrolled.response.status === 201 && enrolled.data, 'the phone is enrolled', enrolled.error)
const device = enrolled.data.device_id
const role: 'officer' | 'head' | 'reviewer' | 'leader' | 'admin' | 'reader' = enrolled.data.officer.role
// @ts-expect-error: the document names all members, so a misspelt one does not compile
void enrolled.data.deviceid

const form = 'application/x-www-form-urlencoded'
const token = await api.POST('/api/v1/token', {
  body: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await assertion() },
  headers: { 'Content-Type': form },
})
check(token.data, 'the phone has a token', token.error)
api.use({
  onRequest({ request }) {
    request.headers.set('Authorization', `${token.data?.token_type} ${token.data?.access_token}`)
    return request
  },
})

const setup = await api.GET('/api/v1/setup')
check(setup.data, 'the phone has its setup', setup.error)
check(setup.data.officer.name === enrolled.data.officer.name && setup.data.officer.role === role, 'the setup is of the same officer', setup.data.officer)
const again = await api.GET('/api/v1/setup', { params: { header: { 'If-None-Match': setup.response.headers.get('ETag') ?? '' } } })
check(again.response.status === 304, 'an unchanged setup is not sent again', again.response.status)

const page = await api.GET('/api/v1/sync/pull', { params: { query: { limit: 10 } } })
check(page.data && !page.data.more, 'the records are one page', page.error)
const titles = page.data.records.map((r) => r.data.fields?.title)
const next = await api.GET('/api/v1/sync/pull', { params: { query: { cursor: page.data.cursor } } })
check(next.data?.records.length === 0, 'nothing is pulled twice', next.error)

const bad = await api.POST('/api/v1/sync/push', {
  body: '{}\n', bodySerializer: (body) => body, headers: { 'Content-Type': 'application/x-ndjson' },
})
check(bad.error?.code === 'bad_header', 'a header of nothing is refused', bad.error)
console.log(JSON.stringify({ device, officer: setup.data.officer.name, campaigns: setup.data.campaigns.map((c) => c.title), titles }))

async function assertion(): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const text = [{ alg: 'ES256', typ: 'JWT' },
    { iss: device, sub: device, aud: 'fieldsync', iat: now, exp: now + 120, jti: crypto.randomUUID() }]
    .map((part) => base64url(new TextEncoder().encode(JSON.stringify(part)))).join('.')
  const signed = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, new TextEncoder().encode(text))
  return text + '.' + base64url(new Uint8Array(signed))
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function check(holds: unknown, what: string, instead: unknown): asserts holds {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(instead)}`)
}
