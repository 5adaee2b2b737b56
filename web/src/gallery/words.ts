/** The sample content of the gallery. It is not part of the product's texts, so it is one call and no dictionary. */
import { lang } from '../i18n/lang'

/** w returns the text of the current language. */
export const w = (zh: string, en: string): string => (lang.value === 'en' ? en : zh)

/** A time that does not move, so that two pictures of the gallery can be compared. */
export const sampleTime = Date.UTC(2026, 2, 15, 6, 5, 7)
