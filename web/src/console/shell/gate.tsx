/** Who may pass: set-up and sign-in stand before everything else, then each address has its page. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../i18n/console/shell'
import { LoadFault, Spinner } from '../../kit'
import { place } from '../../store/location'
import { type Area, match, page, Router } from '../../store/router'
import { loadMe, me } from '../me'
import { mustChange, signedOut } from '../session'
import { forgetUnits } from '../units'
import { Frame } from './frame'
import { Home, Missing } from './home'
import { Entry } from './entry'
import { FirstRun } from './first_run'
import { Login } from './login'
import { ForcedPassword } from './password'

const pages = [page('/', () => <Home/>), page('/login', () => <Home/>)]

/** What is loaded when it is visited: the work on a campaign, and everything else. */
const areas: Area[] = [
  { at: /^\/c\/[^/]+\/(?!settings)/, load: () => import('../campaign/routes') },
  { at: /^/, load: () => import('../setup/routes') },
]

export function Gate(): VNode {
  const token = match('/setup/:token', place.value.path)?.token
  if (token !== undefined) {
    return <FirstRun token={token}/>
  }
  if (signedOut.value) {
    return <Login/>
  }
  if (!me.value) {
    return <Arrival/>
  }
  if (mustChange.value) {
    return <ForcedPassword/>
  }
  return <Frame><Router pages={pages} areas={areas} missing={() => <Missing/>}/></Frame>
}

/** Arrival asks who is signed in. Only a server that says "nobody" leads to the sign-in. */
function Arrival() {
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    setError(undefined)
    forgetUnits() // of whoever was signed in before
    loadMe().catch(setError)
  }, [turn])
  if (error === undefined) {
    return <div class="arrival"><Spinner/></div>
  }
  return <Entry title={t('start.failed')}><LoadFault error={error} onRetry={() => setTurn(turn + 1)}/></Entry>
}
