package mobileapi

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

//go:embed openapi.json
var document []byte

// Document returns the OpenAPI document of the phones' API, as it is published.
func Document() []byte { return document }

// About is what the document says besides the routes.
func About() openapi.Info {
	return openapi.Info{
		Name: "phones", Title: "fieldsync: phones 手机接口", Version: "1", Prefix: "/api/v1", Status: httpapi.Status,
		Description: "What a phone asks of the server: to be enrolled, to get a token, to send what was recorded, to fetch what is " +
			"known, and what it needs to work without a network. docs/protocol.md is the whole protocol: hashes, signatures and what " +
			"a line may say.\n\n" +
			"JSON is read strictly: an unknown member or one given twice is refused. Times are ms since 1970 UTC. A body may be " +
			"gzipped (Content-Encoding: gzip). An answer with 429 or 503 may be asked for again, as it was, after Retry-After seconds.",
		Tags: []openapi.Tag{{Name: "enrolment", ZH: "登记与令牌"}, {Name: "sync", ZH: "同步"}, {Name: "photos", ZH: "照片"}},
		Closed: map[reflect.Type][]string{
			reflect.TypeFor[models.Role](): openapi.Values(models.RoleOfficer, models.RoleHead, models.RoleReviewer,
				models.RoleLeader, models.RoleAdmin, models.RoleReader),
			reflect.TypeFor[models.CampaignState](): openapi.Values(models.CampaignIsDraft, models.CampaignIsOpen,
				models.CampaignIsClosing, models.CampaignIsClosed, models.CampaignIsFrozen),
			reflect.TypeFor[models.ReviewState](): openapi.Values(models.ReviewReceived, models.ReviewEdited,
				models.ReviewIssues, models.ReviewReturned, models.ReviewAccepted),
			reflect.TypeFor[models.PhotoState](): openapi.Values(models.PhotoUnknown, models.PhotoAnnounced, models.PhotoPartial,
				models.PhotoStored, models.PhotoRefused),
		},
	}
}

// Routes describes the routes that [API.Routes] adds. A test compares the two.
func Routes() []openapi.Route {
	return append([]openapi.Route{
		{
			Method: http.MethodPost, Path: "/devices", ID: "enrol", Tag: "enrolment", Public: true,
			Summary: "Make this phone an officer's device", SummaryZH: "登记手机",
			Text: "A code is good once. The same code with the same key within a day gives the same answer: a lost reply strands nobody.",
			In:   enrolRequest{}, Out: enrolAnswer{}, Status: http.StatusCreated,
			Errors: []problem.Code{problem.BadCode, problem.CodeUsed, problem.CodeExpired, problem.NotFound},
		},
		{
			Method: http.MethodPost, Path: "/token", ID: "token", Tag: "enrolment", Public: true,
			Summary: "Get an access token for an assertion that the phone signed", SummaryZH: "用手机签名的断言换取访问令牌",
			Text: "RFC 7523. The assertion is a JWT signed with the phone's key (ES256): iss and sub are the device, aud is fieldsync, " +
				"jti is used once, and iat is within five minutes of the server's clock.",
			In: tokenRequest{}, InType: "application/x-www-form-urlencoded", Out: tokenAnswer{},
			Errors: []problem.Code{problem.BadAssertion, problem.ClockSkew, problem.Replayed, problem.UnknownDevice, problem.Forbidden},
		},
		{
			Method: http.MethodPost, Path: "/sync/push", ID: "push", Tag: "sync",
			Summary: "Send lines of the phone's log", SummaryZH: "上传手机日志的行",
			Text: "The first line of the body is the header of the batch: device, epoch, place, hashes and the signature. A line for each " +
				"change follows, byte for byte as it was hashed. No line costs another its place: what is not simply applied has a verdict.",
			InType: "application/x-ndjson", Out: gateway.Answer{},
			Errors: []problem.Code{problem.BadHeader, problem.BadHash, problem.BadSignature, problem.Gap, problem.Fork,
				problem.UnknownDevice, problem.Forbidden},
		},
		{
			Method: http.MethodGet, Path: "/sync/pull", ID: "pull", Tag: "sync", ETag: true,
			Summary: "Fetch records that changed since a cursor", SummaryZH: "下载上次之后变化的记录",
			Params: []openapi.Param{
				{Name: "cursor", Summary: "Of the page before; without it, all from the beginning.", SummaryZH: "上一页的游标"},
				{Name: "limit", Type: "integer", Summary: "Records on a page: 1 to 5000, else 1000.", SummaryZH: "每页记录数"},
			},
			Out:    pullAnswer{},
			Errors: []problem.Code{problem.Reset, problem.UnknownDevice, problem.Forbidden},
		},
		{
			Method: http.MethodGet, Path: "/setup", ID: "setup", Tag: "sync", ETag: true,
			Summary: "Fetch what the phone needs to work without a network", SummaryZH: "下载离线工作所需的资料",
			Out:    gateway.Setup{},
			Errors: []problem.Code{problem.UnknownDevice, problem.Forbidden, problem.NotFound},
		},
	}, photoRoutes()...)
}

// tokenRequest is the form of a token request.
type tokenRequest struct {
	GrantType string `json:"grant_type"` // urn:ietf:params:oauth:grant-type:jwt-bearer
	Assertion string `json:"assertion"`  // a JWT
}

// pullAnswer is a page of a pull. The gateway writes it from what the store keeps, without these
// types: they are its description, and the tests hold every page against it.
type pullAnswer struct {
	ServerEpoch string         `json:"server_epoch"` // another one: the server was restored
	Records     []pulledRecord `json:"records"`
	Heads       []head         `json:"heads"`  // of the phone's logs: the records include their lines up to here
	Cursor      string         `json:"cursor"` // asks for the page after this one
	More        bool           `json:"more"`   // there is one already
	Scopes      []string       `json:"scopes"` // all that the phone may see; records of others are to be dropped
	ServerTime  int64          `json:"server_time"`
}

// head is how much of one of the phone's logs the server has.
type head struct {
	Epoch string `json:"epoch"`
	Next  int64  `json:"next"` // seq of the first line that it does not have
}

// pulledRecord is one merged record, or (kind held) one line of the phone's that was not applied.
type pulledRecord struct {
	Kind    models.Kind `json:"kind"` // event lot photo sheet held
	ID      string      `json:"id"`
	Scope   string      `json:"scope"`
	Seq     int64       `json:"seq"` // place among the changes of its scope
	Version int64       `json:"version"`
	Deleted bool        `json:"deleted"`
	Data    pulledData  `json:"data"`
}

// pulledData is what is known of a record. Which members are there depends on its kind.
type pulledData struct {
	Fields    map[string]json.RawMessage `json:"fields,omitempty"`     // values by name; always there but for held
	FirstAt   int64                      `json:"first_at,omitempty"`   // ms, of its first line
	Tallies   map[string]tallied         `json:"tallies,omitempty"`    // event: counts by indicator
	Review    *review                    `json:"review,omitempty"`     // event, sheet
	Duplicate *duplicate                 `json:"duplicate,omitempty"`  // event: the office's verdict on a pair of which it is the second
	Moves     []move                     `json:"moves,omitempty"`      // lot
	Balance   *balance                   `json:"balance,omitempty"`    // lot
	Findings  []string                   `json:"findings,omitempty"`   // lot: what does not add up
	Upload    string                     `json:"upload,omitempty"`     // photo: announced, or stored
	CountsFor string                     `json:"counts_for,omitempty"` // the unit it was moved to
	Late      bool                       `json:"late,omitempty"`       // something arrived while the campaign was closing
	Conflicts []conflict                 `json:"conflicts,omitempty"`  // fields with more than one truth

	Line    int64        `json:"seq,omitempty"`     // held: the line's place in its log
	Epoch   string       `json:"epoch,omitempty"`   // held: that log
	Status  string       `json:"status,omitempty"`  // held: held, rejected, applied or duplicate
	Code    models.Cause `json:"code,omitempty"`    // held: why
	Message string       `json:"message,omitempty"` // held: why, in words
	Op      string       `json:"op,omitempty"`      // held: what the line would do …
	Scope   string       `json:"scope,omitempty"`   // … where …
	Kind    models.Kind  `json:"kind,omitempty"`    // … to which record
	ID      string       `json:"id,omitempty"`
}

// tallied is the count of one indicator. Sum 0 of entries says: counted, there were none.
type tallied struct {
	Sum int64 `json:"sum"`
	N   int64 `json:"n"` // entries
}

// review is where a record stands with the office.
type review struct {
	State    models.ReviewState `json:"state"`
	Reason   string             `json:"reason,omitempty"`
	At       int64              `json:"at,omitempty"` // ms
	Comments []comment          `json:"comments,omitempty"`
}

// comment is one remark of the office.
type comment struct {
	At   int64  `json:"at"` // ms
	Text string `json:"text"`
}

// duplicate is a verdict on a pair of events.
type duplicate struct {
	Verdict string `json:"verdict"` // different one_event same_facts
	Scope   string `json:"scope"`   // of the first event
	ID      string `json:"id"`
	Reason  string `json:"reason"`
}

// move is one movement of goods. Quantities are thousandths of the lot's unit.
type move struct {
	ID       string          `json:"id"`
	Move     string          `json:"move"`
	Quantity int64           `json:"quantity"`
	At       int64           `json:"at"` // ms
	Event    string          `json:"event,omitempty"`
	Note     string          `json:"note,omitempty"`
	Set      json.RawMessage `json:"set,omitempty"` // further members as they were sent
}

// balance is where a lot's goods are. Quantities are thousandths of its unit.
type balance struct {
	Received   int64 `json:"received"`
	Counted    int64 `json:"counted"`
	HandedOver int64 `json:"handed_over"`
	Returned   int64 `json:"returned"`
	Destroyed  int64 `json:"destroyed"`
	Remaining  int64 `json:"remaining"`
}

// conflict is a field that phones set differently without knowing of each other.
type conflict struct {
	Field  string  `json:"field"`
	Values []truth `json:"values"`
}

// truth is one of the values of a conflict; the first is shown while nobody has settled it.
type truth struct {
	Value   json.RawMessage `json:"value"`
	At      int64           `json:"at"`      // ms, corrected by the measured offset
	Claimed int64           `json:"claimed"` // ms, as the phone's clock stood
	Officer string          `json:"officer,omitempty"`
	Device  string          `json:"device,omitempty"`
}
