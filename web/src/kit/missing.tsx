/** The page of an address that leads nowhere. */
import type { VNode } from 'preact'
import { t } from '../i18n/kit'
import { Button } from './button'
import { EmptyState } from './states'
import { PageHeader } from './surfaces'

/** Missing says that there is no such page, and leads to the start. */
export function Missing(): VNode {
  return (
    <>
      <PageHeader title={t('missing.title')}/>
      <EmptyState title={t('missing.text')} action={<Button href="#/">{t('missing.home')}</Button>}/>
    </>
  )
}
