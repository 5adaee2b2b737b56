package console

import "github.com/fieldsync/fieldsync/internal/openapi"

// Words of the table for what may stand in a query.

func query(name, en, zh string) openapi.Param {
	return openapi.Param{Name: name, Summary: en, SummaryZH: zh}
}

func integer(name, en, zh string) openapi.Param {
	return openapi.Param{Name: name, Summary: en, SummaryZH: zh, Type: "integer"}
}

func boolean(name, en, zh string) openapi.Param {
	return openapi.Param{Name: name, Summary: en, SummaryZH: zh, Type: "boolean"}
}

func enum(name string, values ...string) openapi.Param {
	return openapi.Param{Name: name, Summary: "one of the values", SummaryZH: "取值之一", Enum: values}
}

var (
	unitParam     = query("unit", "this unit and all below it", "该单位及其下级")
	campaignParam = query("campaign", "of this campaign", "所属活动")
	templateParam = query("template", "id of the table; empty: the campaign's first", "表格编号；为空则为活动的第一张表")
	dateParam     = query("date", "day to print, 2006-01-02", "打印日期，如 2006-01-02")
	fromParam     = integer("from", "ms, inclusive", "起始时间（毫秒，含）")
	toParam       = integer("to", "ms, exclusive", "截止时间（毫秒，不含）")

	roles = []string{"officer", "head", "reviewer", "leader", "admin", "reader"}
)

// pages are the parameters of a list.
func pages(more ...openapi.Param) []openapi.Param {
	return append(more,
		query("cursor", "next of the page before; empty: the first page", "上一页的 next；为空则为第一页"),
		integer("limit", "items on the page, 1 to 200; 50 unless given", "每页条数，1–200，默认 50"))
}
