package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
)

func exportCommand() *command {
	return &command{name: "export", usage: "[FILE]", short: "the official table as xlsx, csv or text",
		long: `The figures are the accepted ones; a table with events still unreviewed says 草稿 and how many. The
form is told by the file's ending, or by --format; without a file it is printed.

  fieldsync export 统计表.xlsx
  fieldsync export --unit 01 城关所.xlsx
  fieldsync export --format canonical            what the hash of a frozen table is over`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("campaign", "", "campaign id (default: the only one)")
			fs.String("template", "", "template id (default: the campaign's first)")
			fs.String("unit", "", "code of a unit: it and all below it (default: the collecting unit)")
			fs.String("format", "", "xlsx, csv (opens in WPS), canonical (csv for programs) or text")
			fs.Int("snapshot", -1, "the canonical csv as it was frozen: 0, or the number of an amendment")
			fs.String("date", "", "day to print, 2006-01-02 (default: today)")
		},
		run: func(in *invocation) error { return existing(in, func(a *app) error { return export(a, in) }) }}
}

// writers are the forms of a table by name.
var writers = map[string]func(*stats.Table, io.Writer) error{
	"xlsx":      (*stats.Table).XLSX,
	"csv":       (*stats.Table).OfficeCSV,
	"canonical": (*stats.Table).CSV,
	"text":      (*stats.Table).Print,
}

func export(a *app, in *invocation) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	if in.int("snapshot") >= 0 {
		return a.exportSnapshot(in, c)
	}
	q := gateway.TableQuery{Campaign: c.ID, Template: in.str("template"), Date: in.str("date")}
	if q.Date == "" {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			return err
		}
		q.Date = time.Now().In(zone).Format(time.DateOnly)
	}
	if code := in.str("unit"); code != "" {
		u, err := a.unit(in.ctx, code)
		if err != nil {
			return err
		}
		q.Unit = u.ID
	}
	name, format := first(in.args), in.str("format")
	if format == "" {
		format = "text"
		if ext := filepath.Ext(name); ext != "" {
			format = ext[1:]
		}
	}
	write := writers[format]
	if write == nil {
		return problem.New(problem.Invalid, "a table is written as xlsx, csv, canonical or text, not %q", format)
	}
	t, err := a.gateway.Table(in.ctx, q)
	if err != nil {
		return err
	}
	if name == "" {
		return write(t, in.out)
	}
	if err := writeFile(name, func(w io.Writer) error { return write(t, w) }); err != nil {
		return err
	}
	in.printf("%s: %s", name, t.Template.Title)
	if t.Filing.Draft() {
		in.printf(" (草稿: %d events are not accepted yet)", t.Filing.Unreviewed)
	}
	in.printf("\n")
	return nil
}

// exportSnapshot writes a table as it was frozen.
func (a *app) exportSnapshot(in *invocation, c *models.Campaign) error {
	list, err := a.snapshots(in, c)
	if err != nil {
		return err
	}
	for i := range list {
		s := &list[i]
		if s.Number != int64(in.int("snapshot")) || in.str("template") != "" && s.Template != in.str("template") {
			continue
		}
		write := func(w io.Writer) error { _, err := w.Write(s.CSV); return err }
		if name := first(in.args); name != "" {
			return writeFile(name, write)
		}
		return write(in.out)
	}
	return problem.New(problem.NotFound, "there is no such snapshot")
}

// writeFile writes a whole file or none.
func writeFile(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	tmp := name + ".part"
	if err := os.WriteFile(tmp, b.Bytes(), 0o644); err != nil {
		return problem.Wrap(err, problem.Unavailable, "the file cannot be written")
	}
	return os.Rename(tmp, name)
}
