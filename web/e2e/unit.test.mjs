/** Tests of what needs no browser: formats, texts, addresses, the API client. MODULES names the bundle to test. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { pathToFileURL } from 'node:url'

const { format, spans, texts, lang, location, router, api, session, problem } = await import(pathToFileURL(process.env.MODULES))

/** both calls f in both languages. */
function both(f) {
  lang.setLang('zh-CN')
  const zh = f()
  lang.setLang('en')
  const en = f()
  lang.setLang('zh-CN')
  return [zh, en]
}

const noon = Date.UTC(2026, 2, 15, 4, 0, 7)

test('times are those of China', () => {
  assert.deepEqual(both(() => format.dateTime(noon, { exact: true })), ['2026年3月15日 12:00:07', '15 Mar 2026 12:00:07'])
  assert.deepEqual(both(() => format.weekday(noon)), ['周日', 'Sun'])
  assert.equal(format.isoDay(Date.UTC(2026, 2, 14, 16)), '2026-03-15')
  assert.equal(format.time(Date.UTC(2026, 2, 14, 16)), '00:00')
  assert.equal(format.instant('2026-03-15T00:00'), Date.UTC(2026, 2, 14, 16))
  assert.equal(format.instant(''), undefined)
  assert.equal(format.instant('2026-07-01T12:00', 'Europe/Berlin'), Date.UTC(2026, 6, 1, 10))
})

test('numbers and money', () => {
  assert.equal(format.number(1234567), '1,234,567')
  assert.equal(format.number(-1234.5), '−1,234.5')
  assert.equal(format.number(0), '0')
  assert.equal(format.scaled(267, 2), '2.67')
  assert.equal(format.scaled(200, 2), '2.00')
  assert.equal(format.yuan(1234560), '¥12,345.60')
  assert.equal(format.yuan(-100), '−¥1')
  assert.equal(format.percent(0.083), '8.3%')
  assert.equal(format.percent(0.07), '7%')
  assert.equal(format.bytes(999), '999 B')
  assert.equal(format.bytes(3_400_000), '3.4 MB')
})

test('spans', () => {
  assert.deepEqual(both(() => spans.relative(noon - 180_000, noon)), ['3 分钟前', '3 minutes ago'])
  assert.deepEqual(both(() => spans.relative(noon + 86_400_000, noon)), ['1 天后', 'in 1 day'])
  assert.deepEqual(both(() => spans.relative(noon - 2000, noon)), ['刚刚', 'just now'])
  assert.deepEqual(both(() => spans.relative(noon - 40 * 86_400_000, noon)), ['2026年2月3日', '3 Feb 2026'])
  assert.deepEqual(both(() => spans.duration(7_500_000)), ['2 小时 5 分钟', '2 hours 5 minutes'])
  assert.equal(spans.duration(0), '0 秒')
  assert.equal(spans.duration(86_400_000 + 5000), '1 天')
  assert.deepEqual(both(() => spans.clockOffset(190_000)), ['快 3 分钟 10 秒', '3 minutes 10 seconds fast'])
  assert.equal(spans.clockOffset(-45_000), '慢 45 秒')
  assert.equal(spans.clock(3_723_000), '1:02:03')
})

test('texts take parameters', () => {
  assert.equal(texts.fill('共 {n} 条', { n: 1204 }), '共 1,204 条')
  assert.equal(texts.fill({ one: '{n} item', other: '{n} items' }, { n: 1 }), '1 item')
  assert.equal(texts.fill('{year}', { year: '2026' }), '2026')
  assert.equal(texts.fill('{lost}'), '{lost}')
})

test('addresses', () => {
  const { path, query } = location.read('#/units/7?day=1&q=%E5%9F%8E')
  assert.deepEqual([path, query.get('day'), query.get('q')], ['/units/7', '1', '城'])
  assert.equal(location.read('').path, '/')
  assert.equal(location.href('/review', { q: '城关', state: '', page: undefined, n: 0 }), '#/review?q=%E5%9F%8E%E5%85%B3&n=0')
  assert.deepEqual(router.match('/units/:id/people/:who', '/units/7/people/%E5%BC%A0'), { id: '7', who: '张' })
  assert.equal(router.match('/units/:id', '/units'), undefined)
  assert.equal(router.match('/units/:id', '/units/%zz'), undefined)
  assert.deepEqual(router.match('/units', '/units/'), {})
})

/** withFetch runs f while fetch is answer(url, request), which returns [status, body]; it returns the calls. */
async function withFetch(answer, f) {
  const calls = []
  globalThis.fetch = async (url, request) => {
    calls.push(`${request.method} ${url} ${request.headers.Authorization ?? ''}`.trim())
    await new Promise((done) => setTimeout(done, 5))
    const [status, body] = answer(url, request)
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'X-Request-Id': 'r-1' } })
  }
  await f()
  return calls
}

const refreshed = 'POST /api/v1/office/session/refresh'
const listed = 'GET /api/v1/office/units?q=%E5%9F%8E'

test('a missing token is fetched once for calls that run together', async () => {
  session.setToken('')
  const calls = await withFetch(
    (url) => (url.endsWith('/refresh') ? [200, { access_token: 'a1' }] : [200, { items: [] }]),
    () => Promise.all([api.api.get('/units', { q: '城', none: '' }), api.api.get('/units', { q: '城' })]),
  )
  assert.deepEqual(calls, [refreshed, listed + ' Bearer a1', listed + ' Bearer a1'])
})

test('an expired token is renewed and the call repeated', async () => {
  session.setToken('old')
  const calls = await withFetch(
    (url, request) => url.endsWith('/refresh') ? [200, { access_token: 'new' }]
      : request.headers.Authorization === 'Bearer old' ? [401, { code: 'token_expired' }] : [204],
    async () => assert.equal(await api.api.post('/x', { a: 1 }), undefined),
  )
  assert.deepEqual(calls, ['POST /api/v1/office/x Bearer old', refreshed, 'POST /api/v1/office/x Bearer new'])
})

test('a session that is over signs out; a lost network does not', async () => {
  session.setToken('')
  session.signedOut.value = false
  await withFetch(() => [401, { code: 'unauthorized', detail: 'No session.' }], async () => {
    await assert.rejects(api.api.get('/units'), (e) => e instanceof problem.Problem && e.code === 'unauthorized')
  })
  assert.equal(session.signedOut.value, true)

  session.setToken('a')
  globalThis.fetch = () => Promise.reject(new TypeError('failed'))
  await assert.rejects(api.api.get('/units'), (e) => e.code === 'network' && e.status === 0 && e.text.includes('网络'))
  assert.equal(session.signedOut.value, false)
})

test('problems carry what forms and people need', async () => {
  session.setToken('a')
  const body = { code: 'invalid', title: 'Bad', detail: 'The code is taken.', request_id: 'r-9', fields: { code: 'taken' }, next: 3 }
  await withFetch(() => [400, body], async () => {
    await assert.rejects(api.api.put('/units/1', {}), (e) => {
      assert.deepEqual([e.code, e.status, e.detail, e.fields.code, e.requestId, e.members.next], ['invalid', 400, 'The code is taken.', 'taken', 'r-9', 3])
      return true
    })
  })
  const both = { code: 'conflict', detail: 'the code 03 belongs to another unit', detail_zh: '编码 03 已被其他单位使用，请换一个。', field: 'code' }
  for (const [tongue, words] of [['zh-CN', both.detail_zh], ['en', 'The code 03 belongs to another unit.']]) {
    lang.setLang(tongue)
    await withFetch(() => [409, both], async () => {
      await assert.rejects(api.api.post('/units', {}), (e) => {
        assert.deepEqual([e.text, e.fields.code], [words, words])
        return true
      })
    })
  }
  lang.setLang('zh-CN')
  await withFetch(() => [502, 'proxy'], async () => {
    await assert.rejects(api.api.get('/units'), (e) => e.code === 'http_502' && e.requestId === 'r-1')
  })
})

test('names of downloads', () => {
  assert.equal(api.named(`attachment; filename="t.xlsx"; filename*=UTF-8''%E7%BB%9F%E8%AE%A1%E8%A1%A8.xlsx`), '统计表.xlsx')
  assert.equal(api.named('attachment; filename="t.xlsx"'), 't.xlsx')
  assert.equal(api.named(''), 'download')
})
