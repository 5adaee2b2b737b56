/** What stands where somebody may not go: an address that was sent by a colleague, or a right that was taken away. */
import type { ComponentChildren, VNode } from 'preact'
import { t } from '../../i18n/console/shell'
import { Button, EmptyState, IconLock, PageHeader } from '../../kit'

/** Allowed shows its page to those who may, and to others why not and whom to ask. */
export function Allowed({ when, title, children }: { when: boolean; title: string; children: ComponentChildren }): VNode {
  if (when) {
    return <>{children}</>
  }
  return (
    <>
      <PageHeader title={title}/>
      <EmptyState icon={IconLock} title={t('noRight')} text={t('noRight.text')} action={<Button href="#/">{t('missing.home')}</Button>}/>
    </>
  )
}
