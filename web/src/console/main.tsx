/** The office's console. */
import { start } from '../kit'
import '../kit/office.css'
import './shell/shell.css'
import './setup/setup.css'
import './setup/enrol.css'
import { Gate } from './shell/gate'

start(<Gate/>)
