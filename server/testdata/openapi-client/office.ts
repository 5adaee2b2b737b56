// An office program, written against what openapi-typescript makes of the document: it sets a new server up, signs in, and looks
// at and adds units. The arguments are the server's address and its one-time token.
import createClient from 'openapi-fetch'
import type { components, paths } from './office.document.js'

declare const process: { argv: string[] }
const [url, token] = process.argv.slice(2) as [string, string]
const api = createClient<paths>({ baseUrl: url })
const password = 'correct horse battery 315'

const before = await api.GET('/api/v1/office/status')
check(before.data?.setup_needed, 'a new server is to be set up', before.data ?? before.error)
const made = await api.POST('/api/v1/office/setup', {
  body: { token, unit: { name: '县市场监督管理局', code: '00' }, name: '管理员甲', login: 'admin', password },
})
check(made.response.status === 201, 'the server is set up', made.error)

const wrong = await api.POST('/api/v1/office/session', { body: { login: 'admin', password: 'not this one' } })
check(wrong.error?.code === 'bad_login', 'a wrong password is refused', wrong.error)
const signed = await api.POST('/api/v1/office/session', { body: { login: 'admin', password } })
check(signed.data, 'the administrator signs in', signed.error)
let access = signed.data.access_token
const anonymous = await api.GET('/api/v1/office/me')
check(anonymous.error?.code === 'unauthorized', 'nobody is told who they are', anonymous.error)
api.use({
  onRequest({ request }) {
    request.headers.set('Authorization', 'Bearer ' + access)
    return request
  },
})

const cookie = signed.response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const fresh = await api.POST('/api/v1/office/session/refresh', { body: {}, headers: { Cookie: cookie } })
check(fresh.data, 'the cookie gives the next token', fresh.error)
access = fresh.data.access_token

const me = await api.GET('/api/v1/office/me')
check(me.data, 'they are told who they are', me.error)
const abilities: components['schemas']['Ability'][] = me.data.everywhere
// @ts-expect-error: the document names all members, so a misspelt one does not compile
void me.data.everywere

const units = await api.GET('/api/v1/office/units', { params: { query: { limit: 10 } } })
const root = units.data?.items[0]
check(root && units.data?.next === '', 'there is one unit', units.data ?? units.error)
const added = await api.POST('/api/v1/office/units', { body: { name: '城关所', code: '01', parent: root.id } })
check(added.data?.version === 1, 'a unit is added', added.error)
const renamed = await api.PATCH('/api/v1/office/units/{unit}', {
  params: { path: { unit: added.data.id } }, body: { version: added.data.version, name: '城关市场监管所' },
})
check(renamed.data?.name === '城关市场监管所', 'and renamed', renamed.error)
const stale = await api.PATCH('/api/v1/office/units/{unit}', {
  params: { path: { unit: added.data.id } }, body: { version: added.data.version, name: 'x' },
})
check(stale.response.status === 409 && stale.error?.code === 'moved', 'not by who saw an old one', stale.error)
const all = await api.GET('/api/v1/office/units', { params: { query: { parent: root.id } } })
console.log(JSON.stringify({ officer: me.data.officer.name, abilities, units: all.data?.items.map((u) => u.name) }))

function check(holds: unknown, what: string, instead: unknown): asserts holds {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(instead)}`)
}
