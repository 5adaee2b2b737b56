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

/** PhonesOf finds them by the person's name, for there is no list by person; others of that name are left out. */
export function PhonesOf({ person }: { person: OfficerRow }): VNode {
  const phones = useResource((signal) => everything<DeviceRow>((cursor) =>
    api.get('/devices', { unit: person.unit, q: person.name, limit: 200, cursor }, signal)), [person.id])
  return (
    <Card flush title={t('phones')} actions={!person.ended && mayIn('enrol', person.unit) && (
      <Button small href={href('/enrol', { officer: person.id, name: person.name })}>{t('code')}</Button>
    )}>
      <Loaded of={phones} lines={2}>{(all) => {
        const own = all.filter((d) => d.officer === person.id)
        return own.length === 0 ? <p class="muted card-words">{t('phonesNone')}</p> : (
          <CellList label={t('phones')}>
            {own.map((d) => <Cell key={d.id} title={d.name || words('unnamed')} note={heard(d)} value={<States device={d}/>}
              href={href('/devices', { device: d.id })}/>)}
          </CellList>
        )
      }}</Loaded>
    </Card>
  )
}
