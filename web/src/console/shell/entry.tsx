/** The frame of pages that come before the console: sign-in, set-up, a new password. */
import type { ComponentChildren, VNode } from 'preact'
import { t } from '../../i18n/console/entry'
import { LangSwitch, PageHeader } from '../../kit'

export interface EntryProps {
  title: string
  note?: ComponentChildren
  wide?: boolean
  children: ComponentChildren
}

/** Entry is one card in the middle, with the language at its top. */
export function Entry({ title, note, wide, children }: EntryProps): VNode {
  return (
    <div class="entry">
      <header class="entry-top">
        <span class="entry-product">{t('product')}</span>
        <LangSwitch/>
      </header>
      <main class={wide ? 'entry-card entry-wide' : 'entry-card'}>
        <PageHeader title={title} note={note}/>
        {children}
      </main>
    </div>
  )
}
