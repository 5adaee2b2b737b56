/** The icons, drawn for this kit on a grid of 24. They are decoration: name what they stand for in text or aria-label. */
import type { VNode } from 'preact'

export interface IconProps {
  /** Width and height in px, 20 unless told. */
  size?: number
}

export type Icon = (props: IconProps) => VNode

/** icon makes an icon from the data of its strokes. */
const icon = (d: string): Icon => ({ size = 20 }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
    <path d={d}/>
  </svg>
)

const ring = 'M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0z'

export const IconInfo = /* @__PURE__ */ icon(ring + 'M12 11v5M12 7.6v.1')
export const IconSuccess = /* @__PURE__ */ icon(ring + 'M8 12.4l2.8 2.8L16 9.6')
export const IconError = /* @__PURE__ */ icon(ring + 'M9 9l6 6M15 9l-6 6')
export const IconWarning = /* @__PURE__ */ icon('M12 3.5L22 20.5H2zM12 10v4.5M12 17.4v.1')
export const IconClock = /* @__PURE__ */ icon(ring + 'M12 7v5l3.4 2')
export const IconClose = /* @__PURE__ */ icon('M6 6l12 12M18 6L6 18')
export const IconCheck = /* @__PURE__ */ icon('M5 12.5l4.5 4.5L19 7.5')
export const IconPlus = /* @__PURE__ */ icon('M12 5v14M5 12h14')
export const IconMinus = /* @__PURE__ */ icon('M5 12h14')
export const IconSearch = /* @__PURE__ */ icon('M17.5 11a6.5 6.5 0 1 1-13 0a6.5 6.5 0 0 1 13 0zM15.8 15.8L20.5 20.5')
export const IconMenu = /* @__PURE__ */ icon('M4 7h16M4 12h16M4 17h16')
export const IconMore = /* @__PURE__ */ icon('M6.5 12a1 1 0 1 1-2 0a1 1 0 0 1 2 0zM13 12a1 1 0 1 1-2 0a1 1 0 0 1 2 0zM19.5 12a1 1 0 1 1-2 0a1 1 0 0 1 2 0z')
export const IconRight = /* @__PURE__ */ icon('M9.5 6l6 6l-6 6')
export const IconLeft = /* @__PURE__ */ icon('M14.5 6l-6 6l6 6')
export const IconDown = /* @__PURE__ */ icon('M6 9.5l6 6l6-6')
export const IconHome = /* @__PURE__ */ icon('M3.5 11.5L12 4l8.5 7.5M6 10v10h12V10M10 20v-5h4v5')
export const IconTable = /* @__PURE__ */ icon('M3.5 5h17v14h-17zM3.5 10h17M9.5 10v9')
export const IconReview = /* @__PURE__ */ icon('M6 3.5h12v17H6zM9 8h6M9 14.2l2 2l4-4.2')
export const IconPhoto = /* @__PURE__ */ icon('M3.5 5.5h17v13h-17zM3.5 16l5-5l4 4l3-3l5 4.5M15.6 9h.01')
export const IconCamera = /* @__PURE__ */ icon('M3.5 7.5h4l1.6-2.5h5.8l1.6 2.5h4v12h-17zM15.8 13a3.8 3.8 0 1 1-7.6 0a3.8 3.8 0 0 1 7.6 0z')
export const IconGoods = /* @__PURE__ */ icon('M12 3.5l8 4v9l-8 4l-8-4v-9zM4 7.5l8 4l8-4M12 11.5v9')
export const IconMap = /* @__PURE__ */ icon('M9 4L3.5 6.5V20L9 17.5l6 2.5l5.5-2.5V4L15 6.5zM9 4v13.5M15 6.5V20')
export const IconPin = /* @__PURE__ */ icon('M12 21c4.5-5 6.5-8.3 6.5-11a6.5 6.5 0 0 0-13 0c0 2.7 2 6 6.5 11zM14.2 10a2.2 2.2 0 1 1-4.4 0a2.2 2.2 0 0 1 4.4 0z')
export const IconDevice = /* @__PURE__ */ icon('M7 3h10v18H7zM10.8 18h2.4')
export const IconPeople = /* @__PURE__ */ icon('M12 8a3.2 3.2 0 1 1-6.4 0A3.2 3.2 0 0 1 12 8zM2.8 19.5c.5-4 2.8-6 6-6s5.5 2 6 6M15.5 5.2a3 3 0 0 1 0 5.6M17.5 13.9c2 .8 3.3 2.7 3.7 5.6')
export const IconUser = /* @__PURE__ */ icon('M16 8a4 4 0 1 1-8 0a4 4 0 0 1 8 0zM4.5 20.5c.6-4.3 3.3-6.5 7.5-6.5s6.9 2.2 7.5 6.5')
export const IconUnit = /* @__PURE__ */ icon('M9 3.5h6v5H9zM3 15.5h6v5H3zM15 15.5h6v5h-6zM12 8.5V12M6 15.5V12h12v3.5')
export const IconCalendar = /* @__PURE__ */ icon('M3.5 5.5h17v15h-17zM3.5 10h17M8 3v4M16 3v4')
export const IconSettings = /* @__PURE__ */ icon('M4 7h9M17 7h3M4 17h3M11 17h9M17 7a2 2 0 1 1-4 0a2 2 0 0 1 4 0zM11 17a2 2 0 1 1-4 0a2 2 0 0 1 4 0z')
export const IconDownload = /* @__PURE__ */ icon('M12 4v11M7.5 10.8L12 15.3l4.5-4.5M4.5 20h15')
export const IconUpload = /* @__PURE__ */ icon('M12 15.5v-11M7.5 8.7L12 4.2l4.5 4.5M4.5 20h15')
export const IconPrint = /* @__PURE__ */ icon('M7 8.5v-5h10v5M7 17.5H3.5v-9h17v9H17M7 14h10v6.5H7z')
export const IconEdit = /* @__PURE__ */ icon('M4.5 19.5l.8-4L16 4.8l3.2 3.2L8.5 18.7zM13.5 7.3l3.2 3.2')
export const IconTrash = /* @__PURE__ */ icon('M4 6.5h16M9 6.5v-3h6v3M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6')
export const IconEye = /* @__PURE__ */ icon('M2.5 12c2.5-4.5 5.7-6.5 9.5-6.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5s-7-2-9.5-6.5zM15 12a3 3 0 1 1-6 0a3 3 0 0 1 6 0z')
export const IconEyeOff = /* @__PURE__ */ icon('M4 4l16 16M9.8 5.7c6-1 9.6 2 11.7 6.3c-.8 1.5-1.8 2.8-2.9 3.8M6.3 7.6C4.7 8.7 3.5 10.2 2.5 12c3 5.5 7.7 7.5 13 5.9M10 10.2a2.8 2.8 0 0 0 3.9 3.9')
export const IconSync = /* @__PURE__ */ icon('M4 11a8 8 0 0 1 14.5-3.5L20 9.5M20 4.5v5h-5M20 13a8 8 0 0 1-14.5 3.5L4 14.5M4 19.5v-5h5')
export const IconOffline = /* @__PURE__ */ icon('M3.5 3.5l17 17M7.5 18.5a4.5 4.5 0 0 1-.6-8.9M9.8 6.6a6 6 0 0 1 7.9 4.9a3.5 3.5 0 0 1 2.5 5.5M11 18.5h6')
export const IconUndo = /* @__PURE__ */ icon('M8.5 5L4 9.5L8.5 14M4 9.5h10a5.5 5.5 0 0 1 0 11H9')
export const IconLogout = /* @__PURE__ */ icon('M10 4H4.5v16H10M9.5 12H20M16 8l4 4l-4 4')
export const IconGlobe = /* @__PURE__ */ icon(ring + 'M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z')
export const IconLock = /* @__PURE__ */ icon('M5.5 10.5h13v10h-13zM8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2')
export const IconTally = /* @__PURE__ */ icon('M6 5v14M10 5v14M14 5v14M18 5v14M3.5 16.5l17-9')
export const IconInbox = /* @__PURE__ */ icon('M5.5 4.5h13l2 9v6h-17v-6zM3.5 13.5H9l1 2.5h4l1-2.5h5.5')
export const IconFlag = /* @__PURE__ */ icon('M5.5 21V3.5M5.5 4.5h12l-2.5 4l2.5 4h-12')
export const IconHistory = /* @__PURE__ */ icon('M3.5 12a8.5 8.5 0 1 0 3-6.5L4 8M4 3.5V8h4.5M12 8v4.5l3 1.8')
