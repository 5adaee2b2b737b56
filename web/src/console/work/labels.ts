/** The words of the forms for the codes of their rows, where an answer carries the code alone. */
import { signal } from '@preact/signals'
import { lang } from '../../i18n/lang'
import { api } from '../api'
import type { TableView } from '../types'

type Words = Record<string, [zh: string, en: string]>

const known = signal<Record<string, Words>>({})
const asked = new Set<string>()

/** labels returns the labels of a campaign's rows by their code, as far as they are known; the first call asks for them. */
export function labels(campaign: string): Record<string, string> {
  if (campaign && !asked.has(campaign)) {
    asked.add(campaign)
    load(campaign).catch(() => asked.delete(campaign)) // the codes are shown meanwhile
  }
  return Object.fromEntries(Object.entries(known.value[campaign] ?? {}).map(([code, [zh, en]]) => [code, lang.value === 'en' && en ? en : zh]))
}

async function load(campaign: string): Promise<void> {
  const table = (template: string) => api.get<TableView>(`/campaigns/${campaign}/table`, { template }, new AbortController().signal)
  const first = await table('')
  const rest = await Promise.all(first.templates.filter((x) => x.id !== first.template).map((x) => table(x.id)))
  const words = Object.fromEntries([first, ...rest].flatMap((v) => v.rows.map((r) => [r.code, [r.full_label, r.full_label_en] as [string, string]])))
  known.value = { ...known.value, [campaign]: words }
}
