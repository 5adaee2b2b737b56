package main

import (
	"encoding/json"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/web/bundle"
	"github.com/fieldsync/fieldsync/web/e2e"
)

var shots = flag.Bool("shots", false, "take the pictures of docs/screens anew")

// TestOfficeScreens looks at every screen and dialog of the console over the county of the demo: in both languages and at
// both widths axe finds nothing, nothing is wider than the screen, and nothing is left in the other language; no page has an
// error or breaks the content policy; and every role is offered what it may do, and breaks nothing by asking for more.
func TestOfficeScreens(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	e2e.NeedBrowser(t)
	t.Parallel()
	p := newProg(t, "")
	county := p.start("demo", "--tick", "24h") // phones that go on would change screens while they are looked at
	fresh := newProg(t, "").serve()
	env := []string{"COUNTY=" + p.accounts(), "MODULES=" + allTexts(t)}
	if *shots {
		folder := t.TempDir()
		defer func() { keepShots(t, folder, filepath.Join("..", "docs", "screens")) }()
		env = append(env, "SHOTS="+folder)
	}
	e2e.Node(t, env, "e2e/screens.mjs", county.url, fresh.await(setupLinkPrinted))
}

// accounts says for a script who can sign in to the demo: one of each role, and somebody whose password was chosen by
// somebody else.
func (p *prog) accounts() string {
	p.Helper()
	raw, err := os.ReadFile(filepath.Join(p.data, notesFile))
	if err != nil {
		p.Fatal(err)
	}
	notes := struct {
		demoNotes
		Forced demoAccount `json:"forced"`
	}{Forced: demoAccount{Role: models.RoleReader, Login: "wangluo", Password: "given-face-to-face"}}
	if err := json.Unmarshal(raw, &notes.demoNotes); err != nil {
		p.Fatal(err)
	}
	a := p.beside()
	units, err := a.db.Units(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	who := newID()
	cred, err := a.sessions().NewCredential(p.Context(), who, notes.Forced.Login, notes.Forced.Password, true)
	if err != nil {
		p.Fatal(err)
	}
	err = a.gateway.Do(p.Context(), a.inst.Officer, func(tx gateway.Tx) error {
		return tx.(interface {
			PutCredential(*models.Credential) error
		}).PutCredential(cred)
	}, adminEntry("officer", who, map[string]any{"name": "王洛", "unit": units[0].ID, "role": string(models.RoleReader)}))
	if err != nil {
		p.Fatal(err)
	}
	return string(jsonText(notes))
}

// allTexts bundles the dictionaries of the web apps for Node, and returns the file.
func allTexts(t *testing.T) string {
	t.Helper()
	web := filepath.Join("..", "web")
	source := "export { areas } from './src/i18n/texts'\n"
	err := filepath.WalkDir(filepath.Join(web, "src", "i18n"), func(p string, d fs.DirEntry, err error) error {
		if rel, e := filepath.Rel(web, p); err == nil && e == nil && strings.HasSuffix(p, ".ts") {
			source += "import './" + strings.TrimSuffix(filepath.ToSlash(rel), ".ts") + "'\n"
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	code, err := bundle.ForNode(web, source)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "texts.mjs")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// beside opens a server's database a second time, as commands do.
func (p *prog) beside() *app {
	p.Helper()
	c := defaults()
	if c.Database = p.target; c.Database == "" {
		c.Database = filepath.Join(p.data, "fieldsync.db")
	}
	a, err := open(p.Context(), c, logger(c, io.Discard))
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = a.db.Close() }) // nothing is in it that was not committed
	return a
}
