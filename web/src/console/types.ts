// Made from the server's Go types; go generate ./internal/openapi writes it anew. Do not edit.

/** An error (RFC 9457). */
export interface Problem {
  /** urn:fieldsync:problem: and the code */
  type: string
  /** the same for every problem with this code */
  title: string
  /** of the answer */
  status: number
  /** one sentence for people */
  detail: string
  /** the same in Chinese */
  detail_zh: string
  /** stable, compared by programs */
  code: string
  /** what the server's log calls the request */
  request_id: string
  [member: string]: unknown
}

/** Ability is one thing that an officer may do in a unit and all below it. */
export type Ability = 'look' | 'record' | 'sign' | 'review' | 'decide' | 'enrol' | 'manage' | 'audit'

/** AlbumRequest says what shall be in an album: all of the campaign that one may look at, a unit and all below it, or one event. */
export interface AlbumRequest {
  unit?: string
  /** with event: in whose part of the campaign it stands */
  event_unit?: string
  event?: string
  /** copies with time and place written on them; else originals */
  stamped?: boolean
}

/** AlbumTicket lets a browser fetch an album once, without a token. */
export interface AlbumTicket {
  ticket: string
  /** ms; the download has to begin before it */
  expires_at: number
  /** what will be in it, and what is missing */
  sums: PhotoSum[]
}

/** AuditRow is one thing that the office did. */
export interface AuditRow {
  log: number
  seq: number
  /** ms */
  at: number
  by: Person
  op: string
  campaign?: string
  unit?: string
  unit_name?: string
  kind?: string
  id?: string
  /** of what it was about, for people */
  title?: string
  reason?: string
  /** as it was signed */
  line: unknown
}

/** Campaign 活动 is one year's 3·15 of one collecting office. */
export interface Campaign {
  id: string
  version: number
  title: string
  /** 年主题 */
  theme: string
  year: number
  /** IANA name */
  zone: string
  /** counting window, 2006-01-02, both ends in */
  first_day: string
  last_day: string
  /** activity window, days, may be empty */
  active_from: string
  active_to: string
  /** the collecting office */
  unit: string
  state: CampaignState
  rules_version: number
  /** ids of the templates, comma separated */
  templates: string
  /** how many amendments were opened after freezing */
  amendment: number
}

/** CampaignPatch changes a campaign. */
export interface CampaignPatch {
  /** as it was looked at */
  version: number
  title?: string
  theme?: string
  year?: number
  /** IANA name */
  zone?: string
  /** counting window, 2006-01-02, both ends in */
  first_day?: string
  last_day?: string
  /** activity window, days, may be "" */
  active_from?: string
  active_to?: string
  /** the collecting office */
  unit?: string
  /** codes of the forms, comma separated */
  templates?: string
}

/** CampaignSet is what is changed of a campaign; what is absent stays. */
export interface CampaignSet {
  title?: string
  theme?: string
  year?: number
  /** IANA name */
  zone?: string
  /** counting window, 2006-01-02, both ends in */
  first_day?: string
  last_day?: string
  /** activity window, days, may be "" */
  active_from?: string
  active_to?: string
  /** the collecting office */
  unit?: string
  /** codes of the forms, comma separated */
  templates?: string
}

/** CampaignState is where a campaign stands. */
export type CampaignState = 'draft' | 'open' | 'closing' | 'closed' | 'frozen'

/** CauseCount is how many lines wait for one reason. */
export interface CauseCount {
  cause: string
  lines: number
}

/** Changed is where a record stands after a change. */
export interface Changed {
  version: number
  seq: number
}

/** CodeRow is an enrolment code, of which only its hash is kept. */
export interface CodeRow {
  id: string
  officer: string
  officer_name: string
  unit: string
  unit_name: string
  /** ms */
  created_at: number
  /** ms */
  expires_at: number
  /** ms; 0: not used */
  used_at: number
  cancelled_at: number
  /** made with it */
  device?: string
  /** its officer left: it is good for nothing unless they come back */
  left?: boolean
}

/** ColumnNames are the titles of a form's columns. */
export interface ColumnNames {
  item: string
  unit: string
  total: string
  /** "" when the form has no such column */
  remark?: string
}

/** CommentView is one remark of the office on a record. */
export interface CommentView {
  by: Person
  /** ms */
  at: number
  text: string
}

/** ConflictValue is one of them: who said it, when. */
export interface ConflictValue {
  value: unknown
  by: Person
  /** ms, corrected by the measured offset, never later than the receipt */
  effective_at: number
  /** ms, as the phone's clock stood */
  claimed_at: number
  /** the one that is shown while nobody has settled it */
  shown: boolean
}

/** ConflictView is one field with more than one truth. */
export interface ConflictView {
  campaign: string
  unit: string
  unit_name: string
  /** event lot photo sheet */
  kind: string
  id: string
  /** of the record, for people */
  title: string
  version: number
  seq: number
  field: string
  /** as that of a Difference */
  label?: string
  label_en?: string
  values: ConflictValue[]
}

/** ContributionView is what one event or sheet gives to one row of one table for one unit. */
export interface ContributionView {
  template: string
  row: string
  label: string
  label_en: string
  unit: string
  unit_name: string
  /** in the row's unit; minutes for hours */
  value: number
  n: number
  /** of a row that counts different things */
  key?: string
  /** of a row of texts */
  text?: string
  /** deleted same_facts one_event outside_window repeat */
  why?: string
  accepted: boolean
}

/** DayCount is how many events one calendar day has. */
export interface DayCount {
  /** 2006-01-02 */
  day: string
  events: number
}

/** Deadline is one hand-in item and who has not handed it in. */
export interface Deadline {
  handin: HandIn
  /** ms until due; negative when it is over */
  left: number
  /** units without the electronic file */
  missing: number
  /** units without the stamped paper */
  paper: number
}

/** Decision is about what was on the screen: version and seq are those that were looked at, and if the record has moved since, nothing is done. */
export interface Decision {
  op: string
  version: number
  seq: number
  /** the phone shows it; needed but to accept and to reopen */
  reason?: string
}

/** Decisions are up to 200 at once. */
export interface Decisions {
  decisions: NamedDecision[]
}

/** DevicePatch changes a phone; what is absent stays. */
export interface DevicePatch {
  name?: string
  /** true: what it sends is held, and it is told nothing more */
  revoked?: boolean
}

/** DeviceRow is what the office sees of a phone. */
export interface DeviceRow {
  id: string
  name: string
  platform: string
  officer: string
  officer_name: string
  unit: string
  unit_name: string
  /** ms */
  enrolled_at: number
  /** ms; 0: not revoked */
  revoked_at: number
  /** ms; 0: never */
  last_heard_at: number
  /** ms, server − phone at the last contact */
  clock_offset: number
  /** that the server has */
  lines: number
  /** declared and not here */
  owes_lines: number
  /** as the phone said at the last contact */
  owes_photos: number
  /** originals that its lines promised */
  announced: number
  /** of these, what has not come whole */
  missing_originals: number
  /** of these, what cannot be taken */
  refused_originals: number
  held: number
  epochs: number
  /** restored from a backup or cloned */
  forked?: boolean
  /** it knew of acknowledgements that the server lacks */
  behind?: boolean
}

/** Difference is one field before and after a line; null where there was nothing. */
export interface Difference {
  field: string
  label?: string
  label_en?: string
  before: unknown
  after: unknown
}

/** DuplicateView is the verdict on an event as the second of a pair. */
export interface DuplicateView {
  verdict: string
  /** of the first event */
  unit: string
  unit_name: string
  id: string
  title: string
  reason: string
}

/** Duty is one line of the duty roster 值班表. */
export interface Duty {
  id: string
  version: number
  campaign: string
  /** 2006-01-02 */
  day: string
  name: string
  post: string
  phone: string
  mobile: string
}

/** DutyPatch changes a line of the roster. */
export interface DutyPatch {
  /** as it was looked at */
  version: number
  /** 2006-01-02 */
  day?: string
  name?: string
  post?: string
  phone?: string
  mobile?: string
}

/** DutySet is what is changed of a line of the roster; what is absent stays. */
export interface DutySet {
  /** 2006-01-02 */
  day?: string
  name?: string
  post?: string
  phone?: string
  mobile?: string
}

/** Empty is a body without members. */
export type Empty = {  }

/** EnrolRequest asks for codes, one for each person: for those named, or for all who record in a unit and below it. */
export interface EnrolRequest {
  officers?: string[]
  unit?: string
  /** for which they are good, 1 to 90; 7 unless given */
  days?: number
}

/** EnrolmentCode is one code for one person. */
export interface EnrolmentCode {
  id: string
  officer: string
  officer_name: string
  unit: string
  unit_name: string
  code: string
  /** what the code is scanned as */
  link: string
  /** the link as a picture, base64 */
  qr_png: string
  /** ms */
  expires_at: number
}

/** Enrolments are codes as they were made. */
export interface Enrolments {
  batch: string
  /** ms */
  expires_at: number
  codes: EnrolmentCode[]
  /** of a unit: who has rights beyond the asker's */
  skipped: SkippedPerson[]
}

/** Entry is one line behind a number: who said it, on which phone, when. */
export interface Entry {
  log: number
  seq: number
  by: Person
  /** ms */
  claimed_at: number
  /** ms */
  effective_at: number
  /** ms */
  received_at: number
  op: string
  values: Said[]
  note?: string
}

/** EventDetail is one event whole. */
export interface EventDetail {
  campaign: string
  /** whose part of the campaign it stands in: a part of its name */
  unit: string
  unit_name: string
  /** the unit it was moved to */
  counts_for?: string
  id: string
  version: number
  seq: number
  title: string
  kind: string
  venue: string
  place: string
  /** ms; what decides its day */
  started_at: number
  state: ReviewState
  /** of a return or of issues */
  reason?: string
  urgent?: boolean
  large?: boolean
  /** something arrived while the campaign was closing */
  late?: boolean
  deleted?: boolean
  /** the officer asked for review */
  completed?: boolean
  /** fields with two truths */
  conflicts?: number
  /** as a second event: different one_event same_facts */
  verdict?: string
  /** who recorded it first */
  by: Person
  tallies: TallyView[]
  photos: number
  /** shown values by name */
  fields: Record<string, unknown>
  conflict_list: ConflictView[]
  review: ReviewView
  duplicate?: DuplicateView
  people: SourceView[]
  photo_list: PhotoView[]
  lots: LotView[]
  /** what waits on it */
  held: HeldRow[]
  /** what it gives to the tables */
  rows: ContributionView[]
  suspects: SuspectView[]
}

/** EventName names an event of the campaign. */
export interface EventName {
  /** in whose part of the campaign it stands */
  unit: string
  id: string
}

/** EventRow is an event as a line of a list. */
export interface EventRow {
  campaign: string
  /** whose part of the campaign it stands in: a part of its name */
  unit: string
  unit_name: string
  /** the unit it was moved to */
  counts_for?: string
  id: string
  version: number
  seq: number
  title: string
  kind: string
  venue: string
  place: string
  /** ms; what decides its day */
  started_at: number
  state: ReviewState
  /** of a return or of issues */
  reason?: string
  urgent?: boolean
  large?: boolean
  /** something arrived while the campaign was closing */
  late?: boolean
  deleted?: boolean
  /** the officer asked for review */
  completed?: boolean
  /** fields with two truths */
  conflicts?: number
  /** as a second event: different one_event same_facts */
  verdict?: string
  /** who recorded it first */
  by: Person
  tallies: TallyView[]
  photos: number
}

/** Figure is a number of a table. */
export interface Figure {
  /** minutes for hours */
  value: number
  /** entries */
  n: number
  /** as printed */
  text: string
}

/** GrantRequest is a role in one unit of one campaign. */
export interface GrantRequest {
  campaign: string
  unit: string
  role: Role
}

/** GrantRow is an assignment of an officer; EndedMS 0 while it lasts. */
export interface GrantRow {
  officer: string
  campaign: string
  unit: string
  role: Role
  started_at: number
  /** 0 while it lasts */
  ended_at: number
  unit_name: string
  campaign_title?: string
}

/** Grants are the rights that a person has or had. */
export interface Grants {
  items: GrantRow[]
}

/** GroupView is a label that spans lines From…To of column Level (1: outermost). */
export interface GroupView {
  level: number
  from: number
  to: number
  label: string
  label_en: string
}

/** HalfView is one side of a form. */
export interface HalfView {
  /** columns that groups take before the item */
  depth: number
  groups: GroupView[]
  /** codes, a line each */
  rows: string[]
}

/** HandIn is one thing that each unit hands in for a campaign, with its deadline. */
export interface HandIn {
  id: string
  version: number
  campaign: string
  /** 统计表, 总结, 照片 … */
  item: string
  due: number
  recipient: string
  /** 抄送 */
  copy_to: string
}

/** HandInCell is whether one unit has handed one item in. */
export interface HandInCell {
  handin: string
  unit: string
  unit_name: string
  version: number
  /** ms; 0: not received */
  electronic_at: number
  /** ms, the stamped paper; 0: not received */
  paper_at: number
  note: string
  late: boolean
}

/** HandInPatch changes something to hand in. */
export interface HandInPatch {
  /** as it was looked at */
  version: number
  /** 统计表, 总结, 照片 … */
  item?: string
  /** ms */
  due?: number
  recipient?: string
  /** 抄送 */
  copy_to?: string
}

/** HandInSet is what is changed of something to hand in; what is absent stays. */
export interface HandInSet {
  /** 统计表, 总结, 照片 … */
  item?: string
  /** ms */
  due?: number
  recipient?: string
  /** 抄送 */
  copy_to?: string
}

/** HeldPage is a page of waiting lines with the counts of all causes in reach. */
export interface HeldPage {
  items: HeldRow[]
  next: string
  /** Total is how many items the query selects in all, where that is cheap to know; else nil. */
  total?: number
  causes: CauseCount[]
}

/** HeldRow is a line that waits, why, and what it says. */
export interface HeldRow {
  log: number
  seq: number
  cause: string
  campaign: string
  unit: string
  unit_name: string
  kind: string
  id: string
  /** of the record it would change, if that is there */
  title: string
  by: Person
  /** ms */
  claimed_at: number
  /** ms */
  received_at: number
  op: string
  /** what it would change now */
  changes: Difference[]
  note?: string
}

/** HistoryItem is one line that spoke of a record, with what it changed. */
export interface HistoryItem {
  log: number
  seq: number
  by: Person
  /** ms */
  claimed_at: number
  /** ms */
  effective_at: number
  /** ms */
  received_at: number
  op: string
  /** that it gave the record; 0 for counts */
  version: number
  late?: boolean
  /** of a count */
  note?: string
  reason?: string
  changes: Difference[]
}

/** ImportResult says what became of a file. */
export interface ImportResult {
  /** of the file, as the audit trail has it */
  sha256: string
  /** in all batches */
  lines: number
  /** that the server did not have */
  new: number
  batches: ImportedBatch[]
}

/** ImportedBatch is what became of one push of a file. */
export interface ImportedBatch {
  device: string
  officer: string
  epoch: string
  from: number
  lines: number
  new: number
  /** of its lines, now */
  held: number
  /** of its lines */
  rejected: number
  duplicate: number
  /** seq of the line that the server lacks first */
  next: number
  code?: string
  message?: string
  /** the same in Chinese */
  message_zh?: string
}

/** ItemProblem says why one decision was not carried out, as a refused request would. */
export interface ItemProblem {
  code: string
  detail: string
  /** the same in Chinese */
  detail_zh: string
  /** further members, such as version and seq of a record that moved */
  more?: Record<string, unknown>
}

/** Judgement says what a pair of events is. */
export interface Judgement {
  first: EventName
  second: EventName
  version: number
  seq: number
  /** different one_event same_facts */
  verdict: string
  reason?: string
}

/** JudgementUndo takes the verdict on an event back. */
export interface JudgementUndo {
  /** in whose part of the campaign it stands */
  unit: string
  id: string
  version: number
  seq: number
  reason?: string
}

/** KeyFigure is one number of the table for the overview. */
export interface KeyFigure {
  row: string
  label: string
  label_en: string
  unit_label: string
  unit_label_en: string
  reported: Figure
  accepted: Figure
}

/** LinePlace is where a line stands in the logs. */
export interface LinePlace {
  log: number
  seq: number
}

/** LoginRequest gives a sign-in. */
export interface LoginRequest {
  login: string
  password: string
}

/** LotView is one lot of goods that an event moved. */
export interface LotView {
  id: string
  name: string
  category: string
  unit: string
  /** 分, the whole lot */
  value: number
  received: number
  destroyed: number
  returned: number
  remaining: number
  findings: string[]
}

/** Me is who is signed in. */
export interface Me {
  officer: Officer
  unit_name: string
  /** present ones */
  grants: MyGrant[]
  /** what they may do in some unit of some campaign */
  anywhere: Ability[]
  /** what they may do in one whole tree */
  everywhere: Ability[]
  /** tops of what they may look at */
  roots: Unit[]
  /** in reach */
  campaigns: Campaign[]
  /** the password is to be changed before anything else */
  must_change: boolean
}

/** MoveRequest lets a record count for another unit. */
export interface MoveRequest {
  /** unit */
  to: string
  reason: string
}

/** MyGrant is one present assignment with what it allows. */
export interface MyGrant {
  /** "" for all */
  campaign: string
  campaign_title?: string
  unit: string
  unit_name: string
  role: Role
  abilities: Ability[]
}

/** NamedDecision is a decision on a record of the campaign. */
export interface NamedDecision {
  unit: string
  /** event or sheet */
  kind: string
  id: string
  op: string
  version: number
  seq: number
  /** the phone shows it; needed but to accept and to reopen */
  reason?: string
}

/** Officer is a person. */
export interface Officer {
  id: string
  version: number
  name: string
  unit: string
  role: Role
  /** left; nothing is deleted */
  ended: boolean
}

/** OfficerNew is a person who is not there yet, with a sign-in if Login is given. */
export interface OfficerNew {
  name: string
  unit: string
  role: Role
  login?: string
  /** to be changed at the first sign-in */
  password?: string
}

/** OfficerPatch changes a person. */
export interface OfficerPatch {
  /** as it was looked at */
  version: number
  /** with ended: all phones of the person are revoked too, at once */
  revoke_phones?: boolean
  name?: string
  unit?: string
  role?: Role
  /** left: rights and sign-in end, nothing is deleted */
  ended?: boolean
}

/** OfficerRow is a person with what the office needs to know of them. */
export interface OfficerRow {
  id: string
  version: number
  name: string
  unit: string
  role: Role
  /** left; nothing is deleted */
  ended: boolean
  unit_name: string
  /** may sign in to the office with it */
  login?: string
  devices: number
  /** enrolment codes that are still good */
  open_codes: number
  last_seen_at: number
}

/** Overview is the first screen of the office: where a campaign stands for a unit and all below. */
export interface Overview {
  campaign: Campaign
  unit: string
  unit_name: string
  /** ms */
  now: number
  events: StateCounts
  /** urgent events that were not accepted yet */
  urgent: number
  conflicts: number
  suspects: number
  /** of the suspects: judged, and the first event does not count any more */
  uncounted: number
  /** events that no row of any table takes */
  unplaced: number
  /** events outside the counting window */
  outside: number
  held: CauseCount[]
  /** the first rows of the campaign's first table that are tallied */
  figures: KeyFigure[]
  /** events by calendar day of the campaign's zone */
  days: DayCount[]
  deadlines: Deadline[]
  /** how many take part */
  units: number
  sheets: SheetCounts
  phones: PhoneCounts
}

/** Page is one page of a list. */
export interface Page<T> {
  items: T[]
  next: string
  /** Total is how many items the query selects in all, where that is cheap to know; else nil. */
  total?: number
}

/** PasswordRequest changes one's own password. */
export interface PasswordRequest {
  old_password: string
  password: string
}

/** Person names an officer and, where it matters, the phone. */
export interface Person {
  officer: string
  officer_name: string
  device?: string
  device_name?: string
  /** wrote from the office, not from a phone */
  office?: boolean
}

/** PhoneCounts is what is known of the phones, up to their last contact. */
export interface PhoneCounts {
  phones: number
  /** enrolled, never heard of */
  never: number
  /** phones that declared more than has arrived */
  owing: number
  owes_lines: number
  owes_photos: number
  /** ms: the longest silence among phones that were heard; everything is known up to here */
  oldest_at: number
  newest_at: number
}

/** PhotoDifference is something that the record and the file say differently. */
export interface PhotoDifference {
  /** time or place */
  what: string
  /** seconds (whole minutes) by which the file is later, or metres between the two */
  value: number
}

/** PhotoSum adds photos up by the state of their originals. */
export interface PhotoSum {
  state: string
  photos: number
  /** as announced */
  bytes: number
}

/** PhotoSums says how far the originals of some photos have come. */
export interface PhotoSums {
  /** states without photos are left out */
  sums: PhotoSum[]
}

/** PhotoTwin is a photo of another event that is the same or looks alike. */
export interface PhotoTwin {
  /** same_photo or near_photo */
  why: string
  distance: number
  unit: string
  unit_name: string
  /** of the photo */
  id: string
  event: string
  event_title: string
}

/** PhotoView is one photo or video of an event, and what has come of its original. */
export interface PhotoView {
  campaign: string
  /** whose part of the campaign it stands in: a part of its name */
  unit: string
  unit_name: string
  id: string
  event?: string
  event_title?: string
  /** whose phone announced the original */
  by: Person
  place: string
  caption: string
  /** 1e-7 degree */
  lat?: number
  lng?: number
  /** metres */
  accuracy?: number
  /** ms, corrected by the phone with the offset it knew; 0: not said */
  taken_at: number
  /** ms, of its line, as the phone's clock stood */
  claimed_at: number
  /** ms, server − phone, measured when the line came */
  clock_offset: number
  /** ms, when the line came */
  received_at: number
  sha256: string
  /** to look the original up by */
  code: string
  /** of the original, as announced */
  bytes: number
  /** as its bytes say once it is stored, as the phone said before */
  mime: string
  video: boolean
  /** announced partial stored refused */
  state: string
  reason?: string
  /** the original has arrived and was verified */
  stored: boolean
  /** ms */
  stored_at?: number
  receipt?: LinePlace
  /** pixels as stored, before the orientation */
  width?: number
  height?: number
  /** there is a picture to show: the server's preview or the phone's */
  preview: boolean
  /** there is a copy with time and place written on it, or it can be made */
  stamped: boolean
  /** what the file says of itself (EXIF): a hint, not a proof */
  facts?: unknown
  /** between what was recorded and what the file says */
  differences: PhotoDifference[]
  /** photos of other events that are the same or near */
  alike: PhotoTwin[]
}

/** PicturePair is the two pictures that make a pair suspect. */
export interface PicturePair {
  /** differing bits of 64; 0: the same original, or as good as */
  distance: number
  first: PhotoView
  second: PhotoView
}

/** ReasonRequest is a decision that needs nothing but a reason. */
export interface ReasonRequest {
  reason: string
}

/** Receipt says when a unit's hand-in came, on paper and electronically. */
export interface Receipt {
  /** ReceiptID */
  id: string
  version: number
  campaign: string
  handin: string
  unit: string
  /** 0: not yet */
  electronic: number
  /** 0: not yet */
  paper: number
  note: string
}

/** ReceiptPut notes what a unit handed in. */
export interface ReceiptPut {
  handin: string
  unit: string
  /** as it was looked at; 0 when nothing was noted yet */
  version: number
  /** ms; 0: not received */
  electronic: number
  /** ms, the stamped paper; 0: not received */
  paper: number
  note?: string
}

/** RecordPatch sets fields of a record, in the words of the wire; null clears one. */
export interface RecordPatch {
  /** as it was looked at */
  version: number
  set: Record<string, unknown>
}

/** Reminder 催报 asks a unit for what is late. */
export interface Reminder {
  id: string
  version: number
  campaign: string
  unit: string
  text: string
  done: boolean
}

/** ReminderPatch changes a reminder. */
export interface ReminderPatch {
  /** as it was looked at */
  version: number
  /** who is reminded; stays as it was first */
  unit?: string
  text?: string
  done?: boolean
}

/** ReminderSet is what is changed of a reminder; what is absent stays. */
export interface ReminderSet {
  /** who is reminded; stays as it was first */
  unit?: string
  text?: string
  done?: boolean
}

/** Result is what became of one decision. */
export interface Result {
  ok: boolean
  problem?: ItemProblem
}

/** Results are in the order of the decisions. */
export interface Results {
  results: Result[]
}

/** ReviewState is where an event or a sheet stands with the office. */
export type ReviewState = 'received' | 'edited' | 'issues' | 'returned' | 'accepted'

/** ReviewView is where a record stands with the office. */
export interface ReviewView {
  state: ReviewState
  reason?: string
  by?: Person
  /** ms */
  at?: number
  comments: CommentView[]
}

/** Role is what an officer may do in a unit and below it. */
export type Role = 'officer' | 'head' | 'reviewer' | 'leader' | 'admin' | 'reader'

/** RowPage opens one cell of a table: the events and sheets that give something to it, or would if they were not excluded. */
export interface RowPage {
  items: RowPart[]
  next: string
  /** Total is how many items the query selects in all, where that is cheap to know; else nil. */
  total?: number
  row: RowView
  /** of the cell, all pages together */
  reported: Figure
  accepted: Figure
}

/** RowPart is what one event or sheet gives to the cell. */
export interface RowPart {
  template: string
  row: string
  label: string
  label_en: string
  unit: string
  unit_name: string
  /** in the row's unit; minutes for hours */
  value: number
  n: number
  /** of a row that counts different things */
  key?: string
  /** of a row of texts */
  text?: string
  /** deleted same_facts one_event outside_window repeat */
  why?: string
  accepted: boolean
  /** event or sheet */
  kind: string
  event?: EventRow
}

/** RowView is one row with its numbers. */
export interface RowView {
  code: string
  line: number
  half: number
  label: string
  label_en: string
  /** with its groups */
  full_label: string
  full_label_en: string
  /** how many group columns stand before it */
  groups: number
  unit_label: string
  unit_label_en: string
  numeric: boolean
  hours: boolean
  wide: boolean
  /** what is counted, in words */
  rule: string
  rule_en: string
  reported: Figure
  accepted: Figure
  /** parallel to TableView.Units */
  units: UnitFigure[]
  /** of a text row: the accepted texts */
  text: string
  remark: string
}

/** Said is what a line says of one field. */
export interface Said {
  field: string
  label?: string
  label_en?: string
  value: unknown
}

/** SetupRequest makes the first unit and its administrator. */
export interface SetupRequest {
  /** from the link that the server printed */
  token: string
  unit: SetupUnit
  /** of the administrator */
  name: string
  login: string
  password: string
}

/** SetupUnit is the unit at the top. */
export interface SetupUnit {
  name: string
  code: string
}

/** SheetCounts are how far the units' sheets are. */
export interface SheetCounts {
  none: number
  filling: number
  completed: number
  approved: number
  accepted: number
  returned: number
}

/** SheetDetail is one sheet whole. */
export interface SheetDetail {
  campaign: string
  unit: string
  unit_name: string
  /** 0: nobody has begun it */
  version: number
  seq: number
  completed: boolean
  /** by the unit's head, as it stands */
  approved: boolean
  /** it was approved and has changed since */
  changed_since_signed?: boolean
  state?: ReviewState
  reason?: string
  filled_by: string
  phone: string
  conflicts?: number
  /** the table's deadline is over and it is not approved */
  late: boolean
  fields: Record<string, unknown>
  conflict_list: ConflictView[]
  review: ReviewView
  /** the free rows of the campaign's tables */
  text_rows: TextRow[]
}

/** SheetRow is one unit's sheet as a line of the sign-off. */
export interface SheetRow {
  campaign: string
  unit: string
  unit_name: string
  /** 0: nobody has begun it */
  version: number
  seq: number
  completed: boolean
  /** by the unit's head, as it stands */
  approved: boolean
  /** it was approved and has changed since */
  changed_since_signed?: boolean
  state?: ReviewState
  reason?: string
  filled_by: string
  phone: string
  conflicts?: number
  /** the table's deadline is over and it is not approved */
  late: boolean
}

/** SignInRequest is a login with its password. */
export interface SignInRequest {
  login: string
  password: string
}

/** SignRequest completes or approves a sheet as it was looked at, or takes that back. */
export interface SignRequest {
  /** 0 when nobody has begun the sheet */
  version: number
  undo?: boolean
}

/** Signed is what somebody who signed in gets, beside the cookie. */
export interface Signed {
  access_token: string
  /** seconds */
  expires_in: number
  /** the password is to be changed before anything else */
  must_change: boolean
  officer: SignedOfficer
}

/** SignedOfficer is who signed in. */
export interface SignedOfficer {
  id: string
  name: string
}

/** SkippedPerson is somebody who got no code. */
export interface SkippedPerson {
  officer: string
  officer_name: string
}

/** SnapshotView is a table as it was frozen. */
export interface SnapshotView {
  /** 0, and one more per amendment */
  number: number
  template: string
  /** of the form as the campaign has it now; "" when it has it no more */
  title: string
  title_en: string
  /** ms */
  created_at: number
  /** of the canonical csv */
  sha256: string
  reason: string
}

/** Snapshots are the frozen tables of a campaign. */
export interface Snapshots {
  items: SnapshotView[]
}

/** SourceView is somebody who wrote to a record. */
export interface SourceView {
  officer: string
  officer_name: string
  device?: string
  device_name?: string
  /** wrote from the office, not from a phone */
  office?: boolean
  lines: number
}

/** StateCounts are numbers of events by review state; deleted ones are left out. */
export interface StateCounts {
  received: number
  edited: number
  issues: number
  returned: number
  accepted: number
}

/** StateRequest moves a campaign on. */
export interface StateRequest {
  state: CampaignState
  reason?: string
  /** freeze although events are not accepted yet */
  anyway?: boolean
}

/** Status says what a browser that nobody signed in with needs to know. */
export interface Status {
  /** nobody can sign in yet */
  setup_needed: boolean
  version: string
  languages: string[]
}

/** SuspectView is a pair of events that may be the same facts, judged or not. */
export interface SuspectView {
  /** same_place same_item same_photo near_photo, first_gone: judged, and the first event does not count any more; or judged */
  why: string
  /** all that hold, Why first; none of a judged pair */
  reasons: string[]
  first: EventRow
  second: EventRow
  /** that are the same or look alike */
  pictures?: PicturePair
  /** on the second, if somebody judged */
  verdict?: string
  reason?: string
}

/** TableView is an official table as the screen shows it: the form's own layout, each number with what is reported beside what is accepted. */
export interface TableView {
  campaign: string
  template: string
  /** all of the campaign */
  templates: TemplateName[]
  unit: string
  unit_name: string
  /** 附件3 */
  mark: string
  title: string
  title_en: string
  /** 填报单位 */
  head_unit: string
  /** 时间, "" when the form has none */
  head_date: string
  date: string
  columns: ColumnNames
  halves: HalfView[]
  /** all rows of all halves, in the form's order */
  rows: RowView[]
  notes: string[]
  /** 填报人, "" when the form has none */
  foot_filled: string
  foot_phone: string
  filled_by: string
  phone: string
  draft: boolean
  /** events not yet accepted */
  unreviewed: number
  /** events outside the counting window */
  outside: number
  warnings: WarningView[]
  /** columns of the figures by unit */
  units: UnitName[]
  /** the totals are being counted under new rules: the old ones are shown */
  counting: boolean
  /** snapshots, of this template */
  frozen: SnapshotView[]
  /** DiffersFromFrozen: the table of the whole campaign is not any more what its latest snapshot keeps. Known to those who may look at all of it. */
  differs_from_frozen: boolean
}

/** TallyRequest is one step of a count. */
export interface TallyRequest {
  indicator: string
  /** may be negative; 0 says "counted: none" */
  n: number
  /** why */
  note: string
}

/** TallyView is the count of one indicator of one event. */
export interface TallyView {
  indicator: string
  label: string
  label_en: string
  sum: number
  n: number
}

/** Task is one line of the task sheet 任务分解表. */
export interface Task {
  id: string
  version: number
  campaign: string
  number: number
  work: string
  /** 责任科室 */
  unit: string
  /** 配合部门 */
  partners: string
  /** 负责人 */
  person: string
  /** 负责领导 */
  leader: string
}

/** TaskPatch changes a task. */
export interface TaskPatch {
  /** as it was looked at */
  version: number
  number?: number
  work?: string
  /** 责任科室: a unit's id, or "" */
  unit?: string
  /** 配合部门 */
  partners?: string
  /** 负责人 */
  person?: string
  /** 负责领导 */
  leader?: string
}

/** TaskSet is what is changed of a task; what is absent stays. */
export interface TaskSet {
  number?: number
  work?: string
  /** 责任科室: a unit's id, or "" */
  unit?: string
  /** 配合部门 */
  partners?: string
  /** 负责人 */
  person?: string
  /** 负责领导 */
  leader?: string
}

/** TemplateDetail is a template with its text and its empty form. */
export interface TemplateDetail {
  id: string
  version: number
  /** what campaigns name */
  code: string
  title: string
  title_en: string
  builtin: boolean
  hash: string
  yaml: string
  preview: TableView
}

/** TemplateName names a table. */
export interface TemplateName {
  id: string
  title: string
  title_en: string
}

/** TemplatePut keeps a form. */
export interface TemplatePut {
  id?: string
  /** as it was looked at; 0 for a new one */
  version: number
  yaml: string
}

/** TemplateRow is a template as a line of a list. */
export interface TemplateRow {
  id: string
  version: number
  /** what campaigns name */
  code: string
  title: string
  title_en: string
  builtin: boolean
  hash: string
}

/** TemplateText is the text of a form. */
export interface TemplateText {
  yaml: string
}

/** Templates are the forms that campaigns may count for. */
export interface Templates {
  items: TemplateRow[]
}

/** TextRow is a row of a form that is filled with text: its field on the sheet is Code. */
export interface TextRow {
  template: string
  code: string
  label: string
  label_en: string
}

/** Unit 单位 is one node of the tree of organisations. */
export interface Unit {
  id: string
  version: number
  /** "" for a root */
  parent: string
  name: string
  /** order in tables and exports; unique */
  code: string
}

/** UnitFigure is what one unit has in a row. */
export interface UnitFigure {
  reported: Figure
  accepted: Figure
}

/** UnitName names a unit. */
export interface UnitName {
  id: string
  name: string
}

/** UnitNew is a unit that is not there yet. */
export interface UnitNew {
  name: string
  code: string
  /** "" for a root */
  parent?: string
}

/** UnitPatch changes a unit. */
export interface UnitPatch {
  /** as it was looked at */
  version: number
  name?: string
  /** orders the units; unique */
  code?: string
  /** "" for a root */
  parent?: string
}

/** UnitRow is a unit as a line of a list. */
export interface UnitRow {
  id: string
  version: number
  /** "" for a root */
  parent: string
  name: string
  /** order in tables and exports; unique */
  code: string
  parent_name?: string
  children: number
  /** who did not leave */
  officers: number
}

/** UnitStatus is one unit on the overview: who is late, who owes what. */
export interface UnitStatus {
  unit: string
  unit_name: string
  parent: string
  events: number
  accepted: number
  /** received or edited: the office's turn */
  waiting: number
  /** returned or with issues: the unit's turn */
  back: number
  sheet: SheetRow
  phones: number
  owes_lines: number
  owes_photos: number
  /** ms; 0: never */
  last_heard_at: number
  /** ms: the longest silence among its phones that were heard */
  known_up_to: number
  /** ids of hand-in items that are overdue */
  late: string[]
  /** ms of the newest open reminder; 0: none */
  reminded_at: number
}

/** WarningView is something about a table that a person should look at. */
export interface WarningView {
  row: string
  text: string
  text_en: string
}
