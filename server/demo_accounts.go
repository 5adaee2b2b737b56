package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// demoNotes is what the demo keeps beside its database, to go on with it later.
type demoNotes struct {
	Campaign string        `json:"campaign"`
	Day      string        `json:"day"` // on which it was filled, 2006-01-02
	Accounts []demoAccount `json:"accounts"`
}

// demoAccount is one sign-in to the demo's office.
type demoAccount struct {
	Role     models.Role `json:"role"`
	Login    string      `json:"login"`
	Password string      `json:"password"`
}

// accountRoles are the roles that sign in, each under its own name, and what they are called.
var accountRoles = []struct {
	role   models.Role
	zh, en string
}{
	{models.RoleAdmin, "管理员", "administrator: everything"},
	{models.RoleReviewer, "审核", "reviewer: accepts and returns"},
	{models.RoleLeader, "领导", "leader: freezes the table"},
	{models.RoleHead, "单位负责人", "unit head: signs the sheet of one unit"},
	{models.RoleReader, "只读", "reader: looks"},
}

// The names in the demo's data folder.
const (
	notesFile    = "demo.json"
	phonesFolder = "phones"
)

// openAccounts gives the people of the office their sign-ins. The passwords are made up here and good
// in this database alone.
func (c *crew) openAccounts(in *invocation) ([]demoAccount, error) {
	sessions := c.app.sessions()
	var out []demoAccount
	for _, r := range accountRoles {
		o := c.people[r.role]
		a := demoAccount{Role: r.role, Login: string(r.role), Password: madeUpPassword()}
		cred, err := sessions.NewCredential(in.ctx, o.ID, a.Login, a.Password, false)
		if err != nil {
			return nil, err
		}
		err = c.app.gateway.Do(in.ctx, c.people.of(models.RoleAdmin), func(tx gateway.Tx) error {
			return tx.(interface {
				PutCredential(*models.Credential) error
			}).PutCredential(cred)
		}, gateway.Entry{Op: "office.note", Kind: "credential", Note: "given", ID: o.ID, Unit: o.Unit})
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// madeUpPassword is twelve letters and digits, 60 random bits, in three groups.
func madeUpPassword() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12]
}

// keep writes the notes for the owner alone.
func (n *demoNotes) keep(folder string) error {
	return os.WriteFile(filepath.Join(folder, notesFile), append(jsonText(n), '\n'), 0o600)
}

// readNotes returns the notes of the demo that filled the database, nil when there are none.
func (a *app) readNotes(in *invocation) (*demoNotes, error) {
	raw, err := os.ReadFile(filepath.Join(in.cfg.Data, notesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := &demoNotes{}
	if err := json.Unmarshal(raw, n); err != nil {
		return nil, err
	}
	list, err := a.db.Campaigns(in.ctx)
	for i := range list {
		if list[i].ID == n.Campaign {
			return n, err
		}
	}
	return nil, err // of another database
}

// welcome says where the console is and how to sign in.
func (n *demoNotes) welcome(in *invocation, url string) {
	in.printf("\n控制台 console: %s/console/\n", url)
	for _, r := range accountRoles {
		for _, a := range n.Accounts {
			if r.role == a.Role {
				in.printf("  %-9s %s  %s %s\n", a.Login, a.Password, r.zh, r.en)
			}
		}
	}
	in.printf("  全部为虚构数据，密码仅在本演示库有效。 All of it is made up; the passwords open this demo alone.\n")
	if n.Day != calendarOf(time.Now()).date(0) {
		in.printf("  演示日期停在 %s；要从今天开始，请删除 %s 后重来。 Its dates stand at that day: delete the folder to begin today.\n", n.Day, in.cfg.Data)
	}
	in.printf("  手机在继续上报：约每20秒一条，退回的活动约半分钟后改好重报。 Phones go on: something every 20 s; what is returned comes back corrected.\n\n")
}
