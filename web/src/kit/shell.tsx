/** The frame of the console: top bar, side navigation, content. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../i18n/kit'
import { lang, setLang } from '../i18n/lang'
import { number } from '../i18n/format'
import { place } from '../store/location'
import { IconButton } from './button'
import { Guard } from './guard'
import { type Icon, IconClose, IconGlobe, IconMenu } from './icons'

export interface NavItem {
  /** '#/review': the item is current there and below. */
  href: string
  label: string
  icon: Icon
  /** What waits there. */
  count?: number | undefined
}

export interface NavGroup {
  label?: string
  items: readonly NavItem[]
}

/** SideNav marks the item of the present place. */
export function SideNav({ groups }: { groups: readonly NavGroup[] }): VNode {
  const current = bestMatch(groups)
  return (
    <nav class="side-nav" aria-label={t('shell.nav')}>
      {groups.map((g, i) => (
        <div key={i} class="side-group">
          {g.label && <div class="side-label">{g.label}</div>}
          <ul>
            {g.items.map((item) => (
              <li key={item.href}>
                <a class="side-item" href={item.href} title={item.label} aria-current={item.href === current ? 'page' : undefined}>
                  <item.icon/>
                  <span class="side-text">{item.label}</span>
                  {item.count ? <span class="badge">{number(item.count)}</span> : null}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

/** bestMatch returns the longest address of the navigation that the present place is at or below. */
function bestMatch(groups: readonly NavGroup[]): string | undefined {
  const here = '#' + place.value.path
  let best: string | undefined
  for (const { href } of groups.flatMap((g) => g.items)) {
    const below = href === '#/' ? here === '#/' : here === href || here.startsWith(href + '/')
    if (below && href.length > (best?.length ?? -1)) {
      best = href
    }
  }
  return best
}

export interface AppShellProps {
  /** Name of the product or bureau in the top bar. */
  product: string
  /** Beside the product: the chosen campaign. */
  context?: ComponentChildren
  groups: readonly NavGroup[]
  /** At the right of the top bar, before the language: the person's menu. */
  tools?: ComponentChildren
  /** Over the content, on every page: what everybody must know now. */
  banner?: ComponentChildren
  children: ComponentChildren
}

/** AppShell has a skip link and landmarks. Up to 1024 px the navigation is a narrow rail, up to 640 px it opens by a button. */
export function AppShell(props: AppShellProps): VNode {
  const [open, setOpen] = useState(false)
  const { path } = place.value
  useEffect(() => setOpen(false), [path])
  return (
    <div class={open ? 'shell shell-open' : 'shell'} onKeyDown={(e) => e.key === 'Escape' && setOpen(false)}>
      <a class="skip" href="#main" onClick={(e) => {
        e.preventDefault() // the address belongs to the router
        document.getElementById('main')?.focus()
      }}>{t('shell.skip')}</a>
      <header class="top">
        <span class="top-menu">
          <IconButton icon={open ? IconClose : IconMenu} label={t(open ? 'shell.close' : 'shell.open')}
            onClick={() => setOpen(!open)} extra={{ 'aria-expanded': open, 'aria-controls': 'side' }}/>
        </span>
        <a class="top-product" href="#/"><span>{props.product}</span></a>
        <div class="top-context">{props.context}</div>
        <div class="row top-tools">{props.tools}<LangSwitch/></div>
      </header>
      <div class="side" id="side"><SideNav groups={props.groups}/></div>
      <main class="main" id="main" tabIndex={-1}>
        {props.banner}
        <Guard key={path}>{props.children}</Guard>
      </main>
    </div>
  )
}

/** LangSwitch offers the other language, in that language. */
export function LangSwitch(): VNode {
  const other = lang.value === 'zh-CN' ? 'en' : 'zh-CN'
  const name = other === 'en' ? 'English' : '中文'
  return (
    <button type="button" class="btn btn-link lang" lang={other} onClick={() => setLang(other)}>
      <IconGlobe size={18}/><span class="btn-text">{name}</span>
    </button>
  )
}
