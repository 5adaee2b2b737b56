/** The sheet to print: a card with a QR code for each person. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../i18n/console/enrol'
import { dateTime, listed } from '../../i18n/format'
import { Button, confirm, IconPrint, Notice, PageHeader } from '../../kit'
import { campaignOf, me } from '../me'
import { here } from '../shell/current'
import type { EnrolmentCode, Enrolments } from '../types'

export function Sheet({ made, onDone }: { made: Enrolments; onDone: () => void }): VNode {
  const [printed, setPrinted] = useState(false)
  useEffect(() => {
    // What was not printed is lost with the page: the browser asks before it goes.
    const ask = (e: BeforeUnloadEvent) => e.preventDefault()
    if (!printed) {
      window.addEventListener('beforeunload', ask)
    }
    return () => window.removeEventListener('beforeunload', ask)
  }, [printed])
  const done = async () => {
    if (printed || await confirm({ title: t('leave'), body: t('leaveText'), action: t('leaveDo'), danger: true }) !== undefined) {
      onDone()
    }
  }
  const print = () => {
    window.print()
    setPrinted(true)
  }
  return (
    <>
      <div class="no-print">
        <PageHeader title={t('sheet.title')} note={t('sheet.count', { n: made.codes.length, when: dateTime(made.expires_at) })}
          actions={<><Button kind="primary" icon={IconPrint} onClick={print}>{t('sheet.print')}</Button><Button onClick={done}>{t('sheet.done')}</Button></>}/>
      </div>
      <div class="no-print"><Notice kind="warning" title={t('sheet.once')}>{t('sheet.onceText')}</Notice></div>
      {made.skipped.length > 0 && (
        <div class="no-print">
          <Notice>{t('sheet.skipped', { n: made.skipped.length, names: listed(made.skipped.map((s) => s.officer_name)) })}</Notice>
        </div>
      )}
      <div class="passes">{made.codes.map((c) => <Pass key={c.id} code={c}/>)}</div>
    </>
  )
}

/** Pass is what one person takes along. */
function Pass({ code: c }: { code: EnrolmentCode }) {
  const title = campaignOf(here.value ?? '')?.title
  return (
    <article class="pass" aria-label={c.officer_name}>
      <header class="pass-head">
        <span>{me.value?.roots[0]?.name}</span>
        {title && <span class="pass-campaign">{title}</span>}
      </header>
      <div class="pass-body">
        <img class="pass-qr" src={`data:image/png;base64,${c.qr_png}`} alt={t('qr.alt', { name: c.officer_name })}/>
        <div class="pass-who">
          <div class="pass-name">{c.officer_name}</div>
          <div>{c.unit_name}</div>
          <div class="pass-label">{t('card.code')}</div>
          <div class="pass-code">{grouped(c.code)}</div>
        </div>
      </div>
      <ol class="pass-steps">
        <li>{t('card.step1')}</li>
        <li>{t('card.step2')}</li>
        <li>{t('card.step3')}</li>
      </ol>
      <footer class="pass-foot">
        <div>{t('card.wechat')}</div>
        <div>{t('card.until', { when: dateTime(c.expires_at) })}</div>
        <div class="pass-link">{c.link.replace(/#.*$/, '')}</div>
      </footer>
    </article>
  )
}

/** grouped writes a code in groups of four, however it came. */
const grouped = (code: string) => code.replace(/[^0-9A-Za-z]/g, '').replace(/(.{4})(?=.)/g, '$1-')
