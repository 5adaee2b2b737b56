/** The gallery: every component of the kit with its states, to look at, to test, and to copy from. */
import '../kit/office.css'
import '../kit/css/phone.css'
import './gallery.css'
import { Button, LangSwitch, Missing, PageHeader, start } from '../kit'
import { page, Router } from '../store/router'
import { Data } from './data'
import { Facts } from './facts'
import { Forms } from './forms'
import { Frames } from './frames'
import { Messages } from './messages'
import { Phone } from './phone'
import { Shell } from './shell'
import { w } from './words'

const pages = [
  page('/', () => <Gallery/>),
  page('/shell', () => <Shell item="overview"/>),
  page('/shell/:item', ({ item }) => <Shell item={item}/>),
]

function Gallery() {
  return (
    <main class="gallery">
      <PageHeader title={w('组件', 'Components')} note={w('每个组件和它的各种状态', 'Every component with its states')}
        actions={<><Button href="#/shell">{w('整页框架 AppShell', 'AppShell, a page of its own')}</Button><LangSwitch/></>}/>
      <Forms/>
      <Messages/>
      <Data/>
      <Facts/>
      <Frames/>
      <Phone/>
    </main>
  )
}

start(<Router pages={pages} missing={() => <main class="gallery"><Missing/></main>}/>)
