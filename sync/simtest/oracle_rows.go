package simtest

import "strings"

// tableA is the template that the oracle knows by heart: 附件3 《2022年“315”活动情况统计表》. What
// follows is written from the printed form, not from the template's file.
const tableA = "ningxia-2022"

// tallyRows are the rows that add up taps.
var tallyRows = map[string]bool{
	"public_consulting": true, "materials_handed_out": true, "complaints": true, "tip_offs": true,
	"consultations": true, "gala_cctv": true, "gala_province": true, "handled_directly": true,
	"handled_transferred": true,
}

// visitRow returns the row that a visit fills: 送法下基层. A stand in a village is a consultation and
// fills none.
func visitRow(kind, venue string) string {
	if kind != "visit" {
		return ""
	}
	switch venue {
	case "enterprise", "community", "village", "township", "scenic":
		return "visits_" + venue
	}
	return ""
}

// typedCell returns where a number typed once per event is added up.
func typedCell(e *event, field string) cell {
	if unit, ok := strings.CutPrefix(field, "staff."); ok {
		return cell{unit, "staff_dispatched"}
	}
	row, media := "", e.text("kind") == "media"
	switch field {
	case "leaders":
		row = "leaders_attending"
	case "operators":
		if e.text("kind") == "consultation" {
			row = "operators_consulting"
		}
	case "experts":
		row = "experts_consulting"
	case "banners", "led_slogans":
		row = field
	case "boards":
		row = "display_boards"
	case "pieces":
		if media && e.text("form") == "leaflet" {
			row = "materials_printed"
		}
	case "minutes":
		if c := e.text("channel"); media && (c == "tv" || c == "radio") && !e.flag("repeat") {
			row = c + "_hours" // of first broadcasts, kept in minutes
		}
	}
	return cell{e.unit, row}
}

// keyRows returns the rows that count a media item by what it is, each once.
func keyRows(e *event) []string {
	if e.text("kind") != "media" {
		return nil
	}
	var rows []string
	switch form := e.text("form"); form {
	case "case":
		rows = append(rows, "cases_published")
	case "warning":
		rows = append(rows, "warnings_issued")
	case "film":
		rows = append(rows, "films")
	case "psa":
		rows = append(rows, "public_service_ads")
	case "programme":
		switch c := e.text("channel"); c {
		case "tv", "radio":
			if !e.flag("repeat") {
				rows = append(rows, c+"_programmes")
			}
		case "web", "own_media":
			rows = append(rows, c+"_programmes")
		}
	case "article":
		switch c := e.text("channel"); c {
		case "press", "web", "own_media":
			rows = append(rows, c+"_articles")
		}
	case "column":
		if e.text("channel") == "press" {
			rows = append(rows, "press_columns")
		}
	}
	return rows
}

// keyOf is what makes two media items the same: the texts of channel, outlet, programme and
// content; an item without a content is like no other.
func keyOf(e *event) string {
	content := strings.TrimSpace(e.text("content"))
	if content == "" {
		content = "id " + e.id
	}
	return strings.Join([]string{e.text("channel"), strings.TrimSpace(e.text("outlet")),
		strings.TrimSpace(e.text("programme")), content}, "\n")
}
