/** The pages of the work on a campaign: overview, table, review and what waits. */
import { type Page, page } from '../../store/router'
import { CellPage } from './cell'
import { Conflicts } from './conflicts'
import { Freeze } from './freeze'
import { HandIns } from './handins'
import { Held } from './held'
import { Overview } from './overview'
import { EventPage, Review } from './review'
import { Photos } from './photos'
import { PhotoPrint } from './photo-print'
import { Sheet } from './sheet'
import { Sheets } from './sheets'
import { Suspects } from './suspects'
import { Table } from './table'

export const pages: Page[] = [
  page('/c/:campaign/overview', (p) => <Overview {...p}/>),
  page('/c/:campaign/table', (p) => <Table {...p}/>),
  page('/c/:campaign/table/:row', (p) => <CellPage {...p}/>),
  page('/c/:campaign/freeze', (p) => <Freeze {...p}/>),
  page('/c/:campaign/review', (p) => <Review {...p}/>),
  page('/c/:campaign/review/:unit/:id', (p) => <EventPage {...p}/>),
  page('/c/:campaign/held', (p) => <Held {...p}/>),
  page('/c/:campaign/conflicts', (p) => <Conflicts {...p}/>),
  page('/c/:campaign/suspects', (p) => <Suspects {...p}/>),
  page('/c/:campaign/photos', (p) => <Photos {...p}/>),
  page('/c/:campaign/photos/print', (p) => <PhotoPrint {...p}/>),
  page('/c/:campaign/sheets', (p) => <Sheets {...p}/>),
  page('/c/:campaign/sheets/:unit', (p) => <Sheet {...p}/>),
  page('/c/:campaign/handins', (p) => <HandIns {...p}/>),
]
