/**
 * What is left in the wrong language on a page. The texts of the apps are known from their dictionaries, and what comes from
 * the server is known from its answers: names, titles and reasons are in the language of whoever wrote them.
 */
import { pathToFileURL } from 'node:url'

const han = /[\u3400-\u9fff]+/g
const wide = /[\u3000-\u303f\uff00-\uff60]/ // the punctuation of Chinese
const sentence = /[A-Za-z’']{2,}(?: [A-Za-z’']{2,}){2,}/

/** dictionaries reads the bundle of all texts: for each language the patterns of those that the other has otherwise. */
export async function dictionaries(modules) {
  const { areas } = await import(pathToFileURL(modules))
  const forms = (text) => (typeof text === 'string' ? [text] : [text.one, text.other])
  const plain = { zh: new Set(), en: new Set() }
  for (const { zh, en } of areas) {
    for (const key of Object.keys(zh)) {
      if (!forms(en[key]).includes(zh[key])) {
        plain.zh.add(zh[key])
        forms(en[key]).forEach((form) => plain.en.add(form))
      }
    }
  }
  return plain
}

/** Words keeps what the server has said, and judges pages. */
export class Words {
  constructor(dictionary) {
    this.dictionary = dictionary
    this.told = new Set()
    this.translated = new Set() // what came with an English form beside it
    this.all = ''
  }

  /** listen takes the data out of every good answer; the words of refusals are no data. */
  listen(page) {
    page.on('response', async (response) => {
      if (response.url().includes('/api/') && response.ok() && /json/.test(response.headers()['content-type'] ?? '')) {
        this.take(await response.json().catch(() => null)) // of a page that was left meanwhile
      }
    })
  }

  take(value, name = '', of = {}) {
    if (typeof value === 'string' && of[name + '_en'] && of[name + '_en'] !== value) {
      this.translated.add(value)
      this.all += '\n' + value
    } else if (typeof value === 'string') {
      if (!this.told.has(value)) {
        this.told.add(value)
        this.all += '\n' + value
      }
    } else if (value && typeof value === 'object') {
      Object.entries(value).forEach(([k, v]) => this.take(v, k, value))
    }
  }

  /** strange returns what on the page is in the other language and not data. */
  async strange(page, lang) {
    const texts = await page.evaluate(visibleTexts)
    return [...new Set(texts.filter((text) => this.isStrange(text, lang)))]
  }

  isStrange(text, lang) {
    if (this.told.has(text)) {
      return false
    }
    if (lang === 'en' && this.translated.has(text)) {
      return true
    }
    const other = lang === 'en' ? this.dictionary.zh : this.dictionary.en
    if (other.has(text) && text.length > 1) {
      return true
    }
    if (lang !== 'en') {
      const found = text.search(han) < 0 ? text.match(sentence) : null // a Chinese sentence may name words of a template
      return found !== null && !this.all.includes(found[0])
    }
    return [...text.matchAll(han)].some(([run]) => !this.all.includes(run)) || strayPunctuation(text, this.all)
  }
}

/** strayPunctuation: Chinese punctuation, by itself or in a word that is no data. The wide space indents lists of units. */
function strayPunctuation(text, data) {
  return text.split(/[\s“”"]+/).some((word) => wide.test(word) && (!data.includes(word) || !/[^\u3000-\u303f\uff00-\uff60]/.test(word)))
}

/** visibleTexts runs in the page: its texts, and the attributes that are read out or shown, but for what has a language of its own. */
function visibleTexts() {
  const skip = (e) => e.closest('script, style, pre, code, [lang]:not(html)')
  const out = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    if (n.data.trim() && !skip(n.parentElement)) {
      out.push(n.data.trim())
    }
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
    for (const e of document.querySelectorAll(`[${name}]`)) {
      if (e.getAttribute(name).trim() && !skip(e)) {
        out.push(e.getAttribute(name).trim())
      }
    }
  }
  out.push(document.title)
  return out
}
