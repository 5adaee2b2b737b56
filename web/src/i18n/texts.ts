/**
 * Texts in both languages. Each area of the apps has a file with one call of texts(): the Chinese dictionary says which
 * keys there are, and tsc refuses an English one that lacks a key, has another one, or a call without a parameter.
 */
import { number } from './format'
import { lang } from './lang'

/** A text, or its forms for one and for several; the parameter n chooses. Chinese needs only the first kind. */
export type Text = string | { one: string; other: string }

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never

/** Params of a text: one value for each {name} in it. Numbers get thousands separators; pass a year as a string. */
export type Params<S> = { [name in Names<S>]: string | number }

/** A function that returns the text of a key in the current language; inside a component it also subscribes to it. */
export interface Translate<Zh extends Record<string, string>> {
  <K extends keyof Zh & string>(key: K, ...params: [Names<Zh[K]>] extends [never] ? [] : [Params<Zh[K]>]): string
  readonly zh: Zh
  readonly en: Record<keyof Zh, Text>
}

/** All areas that are loaded, for the test that compares the languages. */
export const areas: { zh: Record<string, Text>; en: Record<string, Text> }[] = []

/** texts makes the t() of an area from its dictionaries. */
export function texts<const Zh extends Record<string, string>>(area: {
  zh: Zh
  en: { [K in keyof NoInfer<Zh>]: Text }
}): Translate<Zh> {
  areas.push(area)
  const t = (key: keyof Zh & string, params?: Record<string, string | number>) =>
    fill(lang.value === 'en' ? area.en[key] : area.zh[key], params)
  return Object.assign(t, area) as unknown as Translate<Zh>
}

/** fill puts params into a text. An unknown key or name stays visible, which a test or a reader notices. */
export function fill(text: Text | undefined, params: Record<string, string | number> = {}): string {
  if (text === undefined) {
    return '?'
  }
  const form = typeof text === 'string' ? text : params.n === 1 ? text.one : text.other
  return form.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = params[name]
    return value === undefined ? place : typeof value === 'number' ? number(value) : value
  })
}
