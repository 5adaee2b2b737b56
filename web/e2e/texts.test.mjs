/** Compares the two languages of every area of texts. MODULES names the bundle with all of them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { pathToFileURL } from 'node:url'

const { areas } = await import(pathToFileURL(process.env.MODULES))

const forms = (text) => (typeof text === 'string' ? [text] : [text.other, text.one])
const names = (text) => [...new Set(Array.from(text.matchAll(/\{(\w+)\}/g), (m) => m[1]))].sort()

test('there are texts', () => assert.ok(areas.length > 2))

for (const { zh, en } of areas) {
  test(`texts from ${Object.keys(zh)[0]}`, () => {
    assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort(), 'the languages have other keys')
    for (const [key, text] of Object.entries(zh)) {
      for (const [i, form] of forms(en[key]).entries()) {
        const want = names(text).filter((name) => i === 0 || name !== 'n' || names(form).includes('n'))
        assert.deepEqual(names(form), want, `${key}: the languages have other parameters`)
        assert.doesNotMatch(form, /[\u3000-\u9fff\uff00-\uffef]/, `${key}: Chinese in the English text`)
      }
    }
  })
}
