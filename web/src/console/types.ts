/** What the office's API takes and gives, named as in its description. Times are Unix ms. */

export interface Page<T> {
  items: T[]
  next: string
  total?: number
}

export type Ability = 'look' | 'record' | 'sign' | 'review' | 'decide' | 'enrol' | 'manage' | 'audit'
export type Role = 'officer' | 'head' | 'reviewer' | 'leader' | 'admin' | 'reader'
export type CampaignState = 'draft' | 'open' | 'closing' | 'closed' | 'frozen'

export interface Unit {
  id: string
  version: number
  parent: string
  name: string
  code: string
}

export interface UnitRow extends Unit {
  parent_name?: string
  children: number
  officers: number
}

export interface Officer {
  id: string
  version: number
  name: string
  unit: string
  role: Role
  ended: boolean
}

export interface OfficerRow extends Officer {
  unit_name: string
  login?: string
  devices: number
  open_codes: number
  last_seen_at: number
}

export interface Assignment {
  officer: string
  campaign: string
  unit: string
  role: Role
  started_at: number
  ended_at: number
}

export interface GrantRow extends Assignment {
  unit_name: string
  campaign_title?: string
}

export interface Campaign {
  id: string
  version: number
  title: string
  theme: string
  year: number
  zone: string
  first_day: string
  last_day: string
  active_from: string
  active_to: string
  unit: string
  state: CampaignState
  rules_version: number
  templates: string
  amendment: number
}

export interface MyGrant {
  campaign: string
  campaign_title?: string
  unit: string
  unit_name: string
  role: Role
  abilities: Ability[]
}

export interface Me {
  officer: Officer
  unit_name: string
  grants: MyGrant[]
  anywhere: Ability[]
  everywhere: Ability[]
  roots: Unit[]
  campaigns: Campaign[]
  must_change: boolean
}

export interface TemplateRow {
  id: string
  version: number
  code: string
  title: string
  title_en: string
  builtin: boolean
  hash: string
}

export interface TemplateDetail extends TemplateRow {
  yaml: string
  preview: TableView
}

export interface HandIn {
  id: string
  version: number
  campaign: string
  item: string
  due: number
  recipient: string
  copy_to: string
}

export interface Task {
  id: string
  version: number
  campaign: string
  number: number
  work: string
  unit: string
  partners: string
  person: string
  leader: string
}

export interface Duty {
  id: string
  version: number
  campaign: string
  day: string
  name: string
  post: string
  phone: string
  mobile: string
}

export interface Reminder {
  id: string
  version: number
  campaign: string
  unit: string
  text: string
  done: boolean
}

export interface Person {
  officer: string
  officer_name: string
  device?: string
  device_name?: string
  office?: boolean
}

export interface DeviceRow {
  id: string
  name: string
  platform: string
  officer: string
  officer_name: string
  unit: string
  unit_name: string
  enrolled_at: number
  revoked_at: number
  last_heard_at: number
  clock_offset: number
  lines: number
  owes_lines: number
  owes_photos: number
  held: number
  epochs: number
  forked?: boolean
  behind?: boolean
}

export interface CodeRow {
  id: string
  officer: string
  officer_name: string
  unit: string
  unit_name: string
  created_at: number
  expires_at: number
  used_at: number
  cancelled_at: number
  device?: string
}

export interface AuditRow {
  log: number
  seq: number
  at: number
  by: Person
  op: string
  campaign?: string
  unit?: string
  unit_name?: string
  kind?: string
  id?: string
  title?: string
  reason?: string
  line: unknown
}

export type ReviewState = 'received' | 'edited' | 'issues' | 'returned' | 'accepted'

export interface EventRow {
  campaign: string
  unit: string
  unit_name: string
  counts_for?: string
  id: string
  version: number
  seq: number
  title: string
  kind: string
  venue: string
  place: string
  started_at: number
  state: ReviewState
  reason?: string
  urgent?: boolean
  large?: boolean
  late?: boolean
  deleted?: boolean
  completed?: boolean
  conflicts?: number
  verdict?: string
  by: Person
  tallies: TallyView[]
  photos: number
}

export interface TallyView {
  indicator: string
  label: string
  label_en: string
  sum: number
  n: number
}

export interface ConflictValue {
  value: unknown
  by: Person
  effective_at: number
  claimed_at: number
  shown: boolean
}

export interface ConflictView {
  campaign: string
  unit: string
  unit_name: string
  kind: string
  id: string
  title: string
  version: number
  seq: number
  field: string
  values: ConflictValue[]
}

export interface CommentView {
  by: Person
  at: number
  text: string
}

export interface ReviewView {
  state: ReviewState
  reason?: string
  by?: Person
  at?: number
  comments: CommentView[]
}

export interface DuplicateView {
  verdict: string
  unit: string
  unit_name: string
  id: string
  title: string
  reason: string
}

export interface SourceView extends Person {
  lines: number
}

export interface PhotoView {
  id: string
  event?: string
  sha256: string
  bytes: number
  mime: string
  taken_at: number
  place: string
  caption: string
  stored: boolean
}

export interface LotView {
  id: string
  name: string
  category: string
  unit: string
  value: number
  received: number
  destroyed: number
  returned: number
  remaining: number
  findings: string[]
}

export interface ContributionView {
  template: string
  row: string
  label: string
  label_en: string
  unit: string
  unit_name: string
  value: number
  n: number
  key?: string
  text?: string
  why?: string
  accepted: boolean
}

export interface Difference {
  field: string
  before: unknown
  after: unknown
}

export interface HistoryItem {
  log: number
  seq: number
  by: Person
  claimed_at: number
  effective_at: number
  received_at: number
  op: string
  version: number
  late?: boolean
  note?: string
  reason?: string
  changes: Difference[]
}

export interface HeldRow {
  log: number
  seq: number
  cause: string
  campaign: string
  unit: string
  unit_name: string
  kind: string
  id: string
  title: string
  by: Person
  claimed_at: number
  received_at: number
  op: string
  changes: Difference[]
  note?: string
}

export interface CauseCount {
  cause: string
  lines: number
}

export interface HeldPage extends Page<HeldRow> {
  causes: CauseCount[]
}

export interface SuspectView {
  why: string
  first: EventRow
  second: EventRow
  verdict?: string
  reason?: string
}

export interface EventDetail extends EventRow {
  fields: Record<string, unknown>
  conflict_list: ConflictView[]
  review: ReviewView
  duplicate?: DuplicateView
  people: SourceView[]
  photo_list: PhotoView[]
  lots: LotView[]
  held: HeldRow[]
  rows: ContributionView[]
  suspects: SuspectView[]
}

export interface SheetRow {
  campaign: string
  unit: string
  unit_name: string
  version: number
  seq: number
  completed: boolean
  approved: boolean
  state?: ReviewState
  reason?: string
  filled_by: string
  phone: string
  conflicts?: number
  late: boolean
}

export interface TextRow {
  template: string
  code: string
  label: string
  label_en: string
}

export interface SheetDetail extends SheetRow {
  fields: Record<string, unknown>
  conflict_list: ConflictView[]
  review: ReviewView
  text_rows: TextRow[]
}

export interface Figure {
  value: number
  n: number
  text: string
}

export interface UnitFigure {
  reported: Figure
  accepted: Figure
}

export interface RowView {
  code: string
  line: number
  half: number
  label: string
  label_en: string
  full_label: string
  full_label_en: string
  groups: number
  unit_label: string
  unit_label_en: string
  numeric: boolean
  hours: boolean
  wide: boolean
  rule: string
  rule_en: string
  reported: Figure
  accepted: Figure
  units: UnitFigure[]
  text: string
  remark: string
}

export interface GroupView {
  level: number
  from: number
  to: number
  label: string
  label_en: string
}

export interface HalfView {
  depth: number
  groups: GroupView[]
  rows: string[]
}

export interface WarningView {
  row: string
  text: string
  text_en: string
}

export interface SnapshotView {
  number: number
  template: string
  created_at: number
  sha256: string
  reason: string
}

export interface TableView {
  campaign: string
  template: string
  templates: { id: string; title: string; title_en: string }[]
  unit: string
  unit_name: string
  mark: string
  title: string
  title_en: string
  head_unit: string
  head_date: string
  date: string
  columns: { item: string; unit: string; total: string; remark?: string }
  halves: HalfView[]
  rows: RowView[]
  notes: string[]
  foot_filled: string
  foot_phone: string
  filled_by: string
  phone: string
  draft: boolean
  unreviewed: number
  outside: number
  warnings: WarningView[]
  units: { id: string; name: string }[]
  counting: boolean
  frozen: SnapshotView[]
}

export interface RowPart extends ContributionView {
  kind: string
  event?: EventRow
}

export interface RowPage extends Page<RowPart> {
  row: RowView
  reported: Figure
  accepted: Figure
}

export interface Entry {
  log: number
  seq: number
  by: Person
  claimed_at: number
  effective_at: number
  received_at: number
  value: string
  note?: string
}

export interface StateCounts {
  received: number
  edited: number
  issues: number
  returned: number
  accepted: number
}

export interface KeyFigure {
  row: string
  label: string
  label_en: string
  unit_label: string
  reported: Figure
  accepted: Figure
}

export interface Deadline {
  handin: HandIn
  left: number
  missing: number
  paper: number
}

export interface SheetCounts {
  none: number
  filling: number
  completed: number
  approved: number
  accepted: number
  returned: number
}

export interface PhoneCounts {
  phones: number
  never: number
  owing: number
  owes_lines: number
  owes_photos: number
  oldest_at: number
  newest_at: number
}

export interface Overview {
  campaign: Campaign
  unit: string
  unit_name: string
  now: number
  events: StateCounts
  urgent: number
  conflicts: number
  suspects: number
  unplaced: number
  outside: number
  held: CauseCount[]
  figures: KeyFigure[]
  days: { day: string; events: number }[]
  deadlines: Deadline[]
  units: number
  sheets: SheetCounts
  phones: PhoneCounts
}

export interface UnitStatus {
  unit: string
  unit_name: string
  parent: string
  events: number
  accepted: number
  waiting: number
  back: number
  sheet: SheetRow
  phones: number
  owes_lines: number
  owes_photos: number
  last_heard_at: number
  known_up_to: number
  late: string[]
  reminded_at: number
}

export interface HandInCell {
  handin: string
  unit: string
  unit_name: string
  version: number
  electronic_at: number
  paper_at: number
  note: string
  late: boolean
}

export interface CodeMade {
  id: string
  officer: string
  officer_name: string
  unit: string
  unit_name: string
  code: string
  link: string
  qr_png: string
  expires_at: number
}

export interface Enrolled {
  batch: string
  expires_at: number
  codes: CodeMade[]
  skipped: { officer: string; officer_name: string }[]
}

export interface ImportedBatch {
  device: string
  officer: string
  epoch: string
  from: number
  lines: number
  new: number
  held: number
  rejected: number
  duplicate: number
  next: number
  code?: string
  message?: string
}

export interface ImportResult {
  sha256: string
  lines: number
  new: number
  batches: ImportedBatch[]
}
