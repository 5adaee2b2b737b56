/** The gallery: every component of the kit with its states, to look at, to test, and to copy from. */
import '../kit/office.css'
import '../kit/css/phone.css'
import './gallery.css'
import { LangSwitch, PageHeader, start } from '../kit'
import { Data } from './data'
import { Facts } from './facts'
import { Forms } from './forms'
import { Frames } from './frames'
import { Messages } from './messages'
import { Phone } from './phone'
import { w } from './words'

function Gallery() {
  return (
    <main class="gallery">
      <PageHeader title={w('组件', 'Components')} note={w('每个组件和它的各种状态', 'Every component with its states')} actions={<LangSwitch/>}/>
      <Forms/>
      <Messages/>
      <Data/>
      <Facts/>
      <Frames/>
      <Phone/>
    </main>
  )
}

start(<Gallery/>)
