/** The fields of a campaign, for a new one and for a change. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../../i18n/console/campaigns'
import { lang } from '../../i18n/lang'
import { Checkbox, Field, Loaded } from '../../kit'
import { useResource } from '../../store/resource'
import { api } from '../api'
import type { TemplateRow, UnitRow } from '../types'
import type { Spec, Values } from './fields'

export function campaignSpecs(keep: (u: UnitRow) => boolean): Spec[] {
  return [
    { name: 'title', label: t('f.title'), kind: 'text', required: true, wide: true },
    { name: 'year', label: t('f.year'), kind: 'number', required: true, min: 2000, max: 2100 },
    { name: 'unit', label: t('f.unit'), kind: 'unit', required: true, keep },
    { name: 'first_day', label: t('f.first'), kind: 'day', required: true, hint: t('f.windowHint') },
    { name: 'last_day', label: t('f.last'), kind: 'day', required: true, hint: t('f.windowHint') },
    { name: 'active_from', label: t('f.from'), kind: 'day', hint: t('f.optional') },
    { name: 'active_to', label: t('f.to'), kind: 'day', hint: t('f.optional') },
    { name: 'theme', label: t('f.theme'), kind: 'text', hint: t('f.themeHint'), wide: true },
  ]
}

/** checkDays refuses windows that end before they begin. */
export function checkDays(v: Values): void {
  const fields: Record<string, string> = {}
  for (const [from, to] of [['first_day', 'last_day'], ['active_from', 'active_to']] as const) {
    if (v[from] && v[to] && String(v[to]) < String(v[from])) {
      fields[to] = t('windowOrder')
    }
  }
  if (Object.keys(fields).length > 0) {
    throw { message: t('windowOrder'), fields }
  }
}

/** TemplateChoice keeps the order in which tables were chosen: the first is the one that opens. */
export function TemplateChoice({ value, onInput }: { value: string | undefined; onInput: (codes: string) => void }): VNode {
  const list = useResource((signal) => api.get<{ items: TemplateRow[] }>('/templates', undefined, signal), [])
  const first = list.data?.items.find((r) => r.code.startsWith('ningxia'))?.code ?? list.data?.items[0]?.code
  useEffect(() => {
    if (value === undefined && first) {
      onInput(first)
    }
  }, [first])
  const chosen = codes(value ?? '')
  return (
    <Field label={t('templates')} name="templates" hint={t('templatesHint')} group required>
      <Loaded of={list} lines={2}>{({ items }) => (
        <div class="choices">
          {items.map((r) => (
            <Checkbox key={r.code} name="templates" checked={chosen.includes(r.code)}
              onInput={(on) => onInput((on ? [...chosen, r.code] : chosen.filter((c) => c !== r.code)).join(','))}>
              {templateName(r)} <a href={`#/templates/${r.code}`} target="_blank">{t('look')}</a>
            </Checkbox>
          ))}
        </div>
      )}</Loaded>
    </Field>
  )
}

/** codes reads the list of templates of a campaign. */
export const codes = (list: string): string[] => list.split(/[,\s]+/).filter(Boolean)

/** templateName is a template's title in the page's language, if it has one. */
export const templateName = (r: TemplateRow | undefined): string | undefined => (lang.value === 'en' && r?.title_en) || r?.title
