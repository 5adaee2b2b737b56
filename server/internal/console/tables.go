package console

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

func (a *API) overview(c *call) error {
	o, err := a.desk.Overview(c.ctx(), c.reach, c.Params("campaign"), c.Query("unit"))
	if err != nil {
		return err
	}
	return c.answer(o)
}

func (a *API) listUnitStatuses(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.UnitStatuses(c.ctx(), c.reach, c.Params("campaign"), c.Query("unit"), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (c *call) tableQuery() (office.TableQuery, error) {
	q := office.TableQuery{Campaign: c.Params("campaign"), Template: c.Query("template"), Unit: c.Query("unit"), Date: c.Query("date")}
	if q.Date != "" {
		if _, err := time.Parse(time.DateOnly, q.Date); err != nil {
			return q, badField("date", "must be a day such as 2006-01-02", "须为日期，如 2022-03-15")
		}
	}
	return q, nil
}

func (a *API) table(c *call) error {
	q, err := c.tableQuery()
	if err != nil {
		return err
	}
	t, err := a.desk.Table(c.ctx(), c.reach, q)
	if err != nil {
		return err
	}
	return c.answer(t)
}

func (a *API) tableRow(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	q, err := c.tableQuery()
	if err != nil {
		return err
	}
	page, err := a.desk.Row(c.ctx(), c.reach, q, c.Params("row"), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) tableEntries(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	q, err := c.tableQuery()
	if err != nil {
		return err
	}
	page, err := a.desk.Entries(c.ctx(), c.reach, q, c.Params("row"), office.RecordName{Campaign: q.Campaign,
		Unit: c.Query("record_unit"), Kind: models.Kind(c.Query("kind")), ID: c.Query("id")}, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) tableXLSX(c *call) error { return a.download(c, "xlsx", mimeXLSX, (*stats.Table).XLSX) }

func (a *API) tableCSV(c *call) error {
	if c.Query("form") == "canonical" {
		return a.download(c, "csv", mimeCSV, (*stats.Table).CSV)
	}
	return a.download(c, "csv", mimeCSV, (*stats.Table).OfficeCSV)
}

// download sends a table as a file and notes in the trail who took it out.
func (a *API) download(c *call, form, media string, write func(*stats.Table, io.Writer) error) error {
	q, err := c.tableQuery()
	if err != nil {
		return err
	}
	if err := c.must(maySee(q.Campaign, q.Unit)); err != nil {
		return err
	}
	t, err := a.desk.Export(c.ctx(), c.reach, q)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := write(t, &b); err != nil {
		return err
	}
	what := t.Template.ID + " " + form
	name := t.Template.Title + " " + t.Filing.Unit
	if t.Filing.Draft() {
		what += fmt.Sprintf(" draft %d", t.Filing.Unreviewed)
		name += "（草稿）"
	}
	e := note("export", what, "", q.Unit)
	e.Scope = q.Campaign
	if err := c.do(nil, e); err != nil {
		return err
	}
	if media == mimeCSV {
		media += "; charset=utf-8"
	}
	c.Set(fiber.HeaderContentType, media)
	c.Set(fiber.HeaderContentDisposition, attachment(name+"."+form))
	return c.Send(b.Bytes())
}

// attachment is the header that names a download (RFC 6266): in ASCII for old programs, and as it is.
func attachment(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) || r == 0x7f {
			return '_'
		}
		return r
	}, name)
	ascii := strings.Map(func(r rune) rune {
		if r > 0x7e || r == '%' {
			return '_'
		}
		return r
	}, clean)
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(clean), "+", "%20")
}
