package console

import (
	_ "embed"
	"reflect"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
)

//go:embed openapi.json
var document []byte

// Document returns the OpenAPI document of the office's API, as it is published.
func Document() []byte { return document }

// About is what the document says besides the routes.
func About() openapi.Info {
	return openapi.Info{
		Name: "office", Title: "fieldsync: office 办公室接口", Version: "1", Prefix: Prefix, Status: httpapi.Status,
		Cookie: auth.RefreshCookie,
		Description: "What the office's screens do, and what a program may do in their place: sign in, then look at campaigns, events " +
			"and tables, and decide. The access token goes into the Authorization header; POST /session/refresh gives the next one.\n\n" +
			"Everything is bounded by the caller's units and campaigns: what lies outside of them is not there (404), what lies inside " +
			"and is not allowed is forbidden (403). A decision names the version and seq that were on the screen; when the record has " +
			"moved on, the answer is 409 moved. Lists come in pages: the next one is asked for with cursor.\n\n" +
			"JSON is read strictly: an unknown member or one given twice is refused. Times are ms since 1970 UTC. An answer with 429 or " +
			"503 may be asked for again, as it was, after Retry-After seconds.",
		Tags: []openapi.Tag{
			{Name: tagSession, ZH: "登录"}, {Name: tagPeople, ZH: "单位与人员"}, {Name: tagCampaigns, ZH: "活动"},
			{Name: tagLists, ZH: "报送、任务、值班与催报"}, {Name: tagPhones, ZH: "手机"}, {Name: tagTables, ZH: "统计表"},
			{Name: tagReview, ZH: "审核"}, {Name: tagWaiting, ZH: "待处理"}, {Name: tagSheets, ZH: "签报"}, {Name: tagTrail, ZH: "审计与导入"},
		},
		Closed: map[reflect.Type][]string{
			reflect.TypeFor[models.Role](): openapi.Values(models.RoleOfficer, models.RoleHead, models.RoleReviewer,
				models.RoleLeader, models.RoleAdmin, models.RoleReader),
			reflect.TypeFor[models.CampaignState](): openapi.Values(models.CampaignIsDraft, models.CampaignIsOpen,
				models.CampaignIsClosing, models.CampaignIsClosed, models.CampaignIsFrozen),
			reflect.TypeFor[models.ReviewState](): openapi.Values(models.ReviewReceived, models.ReviewEdited,
				models.ReviewIssues, models.ReviewReturned, models.ReviewAccepted),
			reflect.TypeFor[office.Ability](): openapi.Values(office.Look, office.Record, office.Sign, office.Review, office.Decide,
				office.Enrol, office.Manage, office.Audit),
		},
	}
}
