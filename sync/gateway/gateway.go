package gateway

import (
	"context"
	"crypto/ecdsa"
	"log/slog"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/models"
)

// Gateway applies change logs. It is safe for concurrent use; several gateways may share one
// Postgres database.
type Gateway struct {
	store Store
	log   *slog.Logger

	// Now is the server's clock.
	Now func() time.Time
	// NewID makes a UUID for what the server itself names.
	NewID func() string

	inst   Installation
	rules  ruleCache
	places placeCache
	keys   sync.Map // device id → public key, []byte: a device's key never changes

	hands sync.Mutex // one office line at a time in this process
	epoch string     // of the office logs that this process writes
}

// Installation is what all servers over one database share.
type Installation struct {
	ServerEpoch string            // new after each restore
	Restore     int64             // restore number
	Key         *ecdsa.PrivateKey // signs the office's logs
	PublicKey   []byte            // its public half, an uncompressed point
	Device      string            // the device id of the server's own log
	Officer     string            // the officer id the server acts as
}

// New returns a gateway over a store.
func New(store Store, inst Installation, log *slog.Logger, newID func() string) *Gateway {
	return &Gateway{
		store: store, log: log, inst: inst, Now: time.Now, NewID: newID, epoch: newID(),
	}
}

// Installation returns what this gateway was made with.
func (g *Gateway) Installation() Installation { return g.inst }

func (g *Gateway) nowMS() int64 { return g.Now().UnixMilli() }

// Answer is what a phone learns from a push.
type Answer struct {
	Next        int64     `json:"next"`
	Head        string    `json:"head"`
	ServerTime  int64     `json:"server_time"` // ms
	ServerEpoch string    `json:"server_epoch"`
	Scopes      []string  `json:"scopes"`
	Verdicts    []Verdict `json:"verdicts"`
}

// Verdict says of one carried line that it is not simply applied.
type Verdict struct {
	Seq     int64        `json:"seq"`
	Status  string       `json:"status"`
	Code    models.Cause `json:"code,omitempty"`
	Message string       `json:"message,omitempty"`
}

// sentences are the public words for causes, for logs and for phones that do not know the code.
var sentences = map[models.Cause]string{
	models.BadLine:          "the line cannot be read",
	models.BadField:         "a field has a value that version 1 does not allow",
	models.SetOnce:          "the field was set before and is set once",
	models.ByOffice:         "the office rejected the line",
	models.UnknownEvent:     "the event has not arrived yet",
	models.UnknownLot:       "the lot has not arrived yet",
	models.UnknownOp:        "this server does not know the operation yet",
	models.UnknownIndicator: "no table of the campaign counts this indicator",
	models.NoRight:          "the officer has no assignment there; the office can release it",
	models.Revoked:          "the phone was revoked; the office can release it",
	models.CampaignDraft:    "the campaign is not open yet",
	models.CampaignClosed:   "the campaign is closed; the office can release it",
	models.EventAccepted:    "the event or sheet was accepted; the office can release it or reopen what was accepted",
	models.BadBase:          "the line rests on a version that this server has not given out",
	models.Behind:           "an earlier change of this record is held",
}

func verdict(seq int64, s models.LineStatus, c models.Cause) Verdict {
	return Verdict{Seq: seq, Status: s.String(), Code: c, Message: sentences[c]}
}

// background is the context of work that must not stop with the request that caused it.
func background(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
}
