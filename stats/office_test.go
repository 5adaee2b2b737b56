package stats

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// printed converts a table's workbook with LibreOffice and returns the text of its first page
// and, page by page, the rest.
func printed(t *testing.T, tb *Table) []string {
	t.Helper()
	needs(t, "soffice", "pdftotext")
	dir := t.TempDir()
	file := filepath.Join(dir, "table.xlsx")
	w, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := tb.XLSX(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// A profile of its own: two LibreOffices that share one refuse to start.
	cmd := exec.Command("soffice", "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--headless",
		"--convert-to", "pdf", "--outdir", dir, file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	out, err := exec.Command("pdftotext", "-layout", filepath.Join(dir, "table.pdf"), "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

// letters leaves out what line breaks and columns put between the characters of a text.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// The form is exactly one page, whatever is on it; every label, figure and note is on that page
// and in order; the figures by unit follow on pages of their own.
func TestFormPrintsOnOnePage(t *testing.T) {
	for _, id := range BuiltinNames {
		t.Run(id, func(t *testing.T) {
			tb := filled(t, id, 6)
			pages := printed(t, tb)
			if len(pages) < 2 {
				t.Fatalf("%d pages", len(pages))
			}
			form := pages[0]
			for i, p := range pages[1:] {
				if !strings.Contains(p, "（分单位）") {
					t.Errorf("page %d does not belong to the second sheet:\n%s", i+2, p)
				}
			}
			if strings.Contains(form, "（分单位）") {
				t.Error("the second sheet begins on the form's page")
			}
			inOrder(t, form, tb)
		})
	}
}

// inOrder looks for title, head, labels with their figures, notes and foot from top to bottom.
func inOrder(t *testing.T, page string, tb *Table) {
	t.Helper()
	figuresInOrder(t, strings.Fields(page), tb)
	page = letters(page)
	after := 0
	find := func(s string) {
		t.Helper()
		i := strings.Index(page[after:], letters(s))
		if i < 0 {
			t.Errorf("%q is not printed, or not in its place", s)
			return
		}
		after += i + len(letters(s))
	}
	tmpl := tb.Template
	for _, s := range []string{tmpl.Mark, tb.draftMark(), tmpl.Title, tmpl.Head.Unit + "：" + tb.Filing.Unit, tmpl.Columns.Item, tmpl.Columns.Unit, tmpl.Columns.Total} {
		find(s)
	}
	body := after
	for h := range tmpl.Halves {
		after = body // the halves stand side by side: each is in order by itself
		for i := range tmpl.Halves[h].Rows {
			r := tb.Row(tmpl.Halves[h].Rows[i].Code)
			if columnsOf(r.Row.Label) > 26 {
				find(string([]rune(r.Row.Label)[:8])) // set in two lines, with the other half between them
			} else {
				find(r.Row.Label)
			}
		}
	}
	for _, n := range tmpl.Notes {
		find(n)
	}
	find(tb.outsideNote())
	if tmpl.Foot.FilledBy != "" {
		find("填报人：甲")
		find("联系电话：00000000")
	}
}

// figuresInOrder looks for the figures of each half from top to bottom. A figure may come out of
// the PDF a line before or after its label, so they are looked for by themselves.
func figuresInOrder(t *testing.T, words []string, tb *Table) {
	t.Helper()
	for h := range tb.Template.Halves {
		rest := words
		for i := range tb.Template.Halves[h].Rows {
			s := tb.Row(tb.Template.Halves[h].Rows[i].Code).Accepted.String()
			if s == "" {
				continue
			}
			at := slices.Index(rest, s)
			if at < 0 {
				t.Errorf("figure %s of half %d is not printed, or not in its place", s, h+1)
				continue
			}
			rest = rest[at+1:]
		}
	}
}

// Even with texts that fill their cell, the form stays on its page.
func TestFormWithLongTextsPrintsOnOnePage(t *testing.T) {
	for _, id := range BuiltinNames {
		tb := filled(t, id, 1)
		for i := range tb.Rows {
			for j := range tb.Rows[i].Texts {
				tb.Rows[i].Texts[j].Text = strings.Repeat("在步行街设立咨询台，现场演示假冒伪劣商品识别。", 60)
			}
			if id == "heping-2020" && tb.Rows[i].Row.Numeric() {
				tb.Rows[i].Remarks = []SheetText{{Text: "含与公安机关联合开展的一场活动，另有两场因天气取消。", Accepted: true}}
			}
		}
		pages := printed(t, tb)
		notes := tb.Template.Notes
		if !strings.Contains(letters(pages[0]), letters(notes[len(notes)-1])) || len(pages) < 2 || !strings.Contains(pages[1], "（分单位）") {
			t.Errorf("%s does not end on its first page:\n%s", id, pages[0])
		}
	}
}
