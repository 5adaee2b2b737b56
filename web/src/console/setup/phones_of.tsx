/** The phones of one person. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/people'
import { t as words } from '../../i18n/console/devices'
import { Button, Card, Cell, CellList, Loaded } from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { everything } from '../lists'
import type { DeviceRow, OfficerRow } from '../types'
import { mayIn } from '../units'
import { heard, States } from './device_words'

export function PhonesOf({ person }: { person: OfficerRow }): VNode {
  const phones = useResource((signal) => everything<DeviceRow>((cursor) =>
    api.get('/devices', { officer: person.id, limit: 200, cursor }, signal)), [person.id, person.version])
  return (
    <Card flush title={t('phones')} actions={!person.ended && mayIn('enrol', person.unit) && (
      <Button small href={href('/enrol', { officer: person.id, name: person.name })}>{t('code')}</Button>
    )}>
      <Loaded of={phones} lines={2}>{(own) => own.length === 0 ? <p class="muted card-words">{t('phonesNone')}</p> : (
        <CellList label={t('phones')}>
          {own.map((d) => <Cell key={d.id} title={d.name || words('unnamed')} note={heard(d)} value={<States device={d}/>}
            href={href('/devices', { device: d.id })}/>)}
        </CellList>
      )}</Loaded>
    </Card>
  )
}
