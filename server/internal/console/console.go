package console

import (
	"context"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Gateway is through what the office changes things.
type Gateway interface {
	Do(ctx context.Context, officer string, also func(gateway.Tx) error, entries ...gateway.Entry) error
	AddBatch(ctx context.Context, by string, codes map[[32]byte]string, life time.Duration, also func(gateway.Tx) error) (batch string, made []gateway.CodeMade, err error)
	CancelCode(ctx context.Context, by, id string, also func(gateway.Tx) error) error
	Import(ctx context.Context, by string, body []byte, also func(gateway.Tx) error) (*gateway.ImportResult, error)
}

// Store is what is looked up in what is kept, beside the read model: whether anybody can sign in,
// and, before a change, whom and what it is about.
type Store interface {
	HasCredentials(ctx context.Context) (bool, error)
	View(ctx context.Context, fn func(gateway.Tx) error) error
	Officers(ctx context.Context, unit string) ([]models.Officer, error)
}

// credentials are what a transaction of the gateway knows of sign-ins, beside its own business: a
// sign-in is given, with its line in the trail, or neither.
type credentials interface {
	PutCredential(c *models.Credential) error
	DropCredential(officer string, nowMS int64) error
	ChangePassword(was string, c *models.Credential, except string) (bool, error)
	UseSetupToken(hash []byte, nowMS int64) (bool, error)
}

// Options are what an [API] is made of.
type Options struct {
	Desk      Desk
	Gateway   Gateway
	Store     Store
	Sessions  *auth.Sessions
	Pictures  Pictures // nil: photos are listed, and none is given out
	Server    string   // id of the officer as whom the server acts: who sets the first person up
	PublicURL string   // what phones and browsers open; "": as the request came
	Version   string   // of the program
	Now       func() time.Time
	NewID     func() string
}

// API serves the office.
type API struct {
	desk      Desk
	gateway   Gateway
	store     Store
	sessions  *auth.Sessions
	pictures  Pictures
	albums    albums // those that are being sent
	server    string
	publicURL string
	version   string
	now       func() time.Time
	newID     func() string
}

// New returns the office's HTTP.
func New(o Options) *API {
	return &API{desk: o.Desk, gateway: o.Gateway, store: o.Store, sessions: o.Sessions, server: o.Server, pictures: o.Pictures,
		albums:    albums{of: map[string]bool{}},
		publicURL: o.PublicURL, version: o.Version, now: o.Now, newID: o.NewID}
}

func (a *API) nowMS() int64 { return a.now().UnixMilli() }
