package simtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
	_ "time/tzdata" // the days of the campaign must not depend on the machine

	"github.com/fieldsync/fieldsync/models"
)

// World is what exists before a run: an open campaign that counts under Table A
// (ningxia-2022), units and enrolled officers with unused codes.
type World struct {
	Servers  []string // base URLs over one database; phones take them in turn
	Campaign string
	FirstDay string // counting window, 2006-01-02, both included; empty: asked of the server
	LastDay  string
	Zone     string // IANA; empty: Asia/Shanghai
	Units    []Unit
	Phones   []PhoneSeat
	Spare    []PhoneSeat // of phones that are revoked during the run; only for photos
}

// Unit is an organisation that takes part.
type Unit struct{ ID, Name string }

// PhoneSeat is an officer with an enrolment code for one phone.
type PhoneSeat struct {
	Unit, Officer, Code string
	Head                bool // the officer heads the unit
}

// Backstage is the office. The caller implements it over the store and the gateway.
type Backstage interface {
	// Totals returns every total of the campaign that is not blank, as reported.
	Totals(ctx context.Context) ([]Cell, error)
	// Held returns every line of a phone that waits, in the order of arrival within its log.
	Held(ctx context.Context) ([]Waiting, error)
	// Release applies one held line in the office's name. A line that can not be applied stays held.
	Release(ctx context.Context, w Waiting, reason string) error
	// Reject settles one held line for ever.
	Reject(ctx context.Context, w Waiting, reason string) error
	// Accept accepts an event as it stands. An implementation may answer errors.ErrUnsupported.
	Accept(ctx context.Context, unit, event string) error
}

// Shelf is an office that also has the store of originals and can revoke phones; a run with photos asks for it.
type Shelf interface {
	// Originals returns the SHA-256 of every original in the store, 64 hexadecimal digits.
	Originals(ctx context.Context) ([]string, error)
	Revoke(ctx context.Context, device string) error
}

// Cell is one total of one unit. ReportedN counts entries: 0 prints blank.
type Cell struct {
	Template, Row, Unit string
	Reported, ReportedN int64
}

// Waiting names a held line and why it waits.
type Waiting struct {
	Device, Epoch string
	Seq           int64
	Cause         models.Cause
}

// Config says what a run is made of.
type Config struct {
	World     World
	Backstage Backstage
	Seed      uint64            // 0: by the time; it is printed
	Events    int               // stories per phone, 20 if 0
	Faults    []Fault           // wanted kinds; nil: all
	Workers   int               // stories at once, 16 if 0
	Readers   int               // phones that only pull, without a pause, during the run; 4 if 0
	Transport http.RoundTripper // under the faults; nil: one of its own
	Dir       string            // folder for the logs of every eighth phone, kept in files; "": all in memory
	Photos    int               // stories beside these whose photos are delivered with their originals
	Link      string            // what these go over: none (as all else does), field or lossy
	Settle    time.Duration     // how long the servers may take to settle what waits, 15 s if 0
}

func (c *Config) validate() error {
	if len(c.World.Servers) == 0 || c.Backstage == nil {
		return errors.New("simtest: a run needs servers and an office")
	}
	if len(c.World.Units) < 2 {
		return errors.New("simtest: a run needs at least two units")
	}
	if c.Link != "" && c.Link != NoLink && c.Link != FieldLink && c.Link != LossyLink {
		return fmt.Errorf("simtest: there is no link %q: none, field or lossy", c.Link)
	}
	if _, ok := c.Backstage.(Shelf); c.Photos > 0 && !ok {
		return errors.New("simtest: photos need an office with a store of originals")
	}
	seats := map[string]int{}
	for _, seat := range c.World.Phones {
		seats[seat.Unit]++
	}
	for _, u := range c.World.Units {
		if seats[u.ID] < 2 {
			return fmt.Errorf("simtest: unit %s needs at least two phones", u.Name)
		}
	}
	return nil
}

func (c *Config) defaults() {
	if c.Seed == 0 {
		c.Seed = uint64(time.Now().UnixNano())
	}
	if c.Events == 0 {
		c.Events = 20
	}
	if c.Faults == nil {
		c.Faults = AllFaults()
	}
	if c.Workers == 0 {
		c.Workers = 16
	}
	if c.Readers == 0 {
		c.Readers = 4
	}
	if c.Settle == 0 {
		c.Settle = 15 * time.Second
	}
	if c.World.Zone == "" {
		c.World.Zone = "Asia/Shanghai"
	}
	if c.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConns, t.MaxIdleConnsPerHost = 256, 128
		c.Transport = t
	}
}
