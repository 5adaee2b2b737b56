package console

import (
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// The chapters of the description.
const (
	tagSession   = "session"
	tagPeople    = "people"
	tagCampaigns = "campaigns"
	tagLists     = "lists"
	tagPhones    = "phones"
	tagTables    = "tables"
	tagReview    = "review"
	tagWaiting   = "waiting"
	tagSheets    = "sheets"
	tagTrail     = "trail"
)

func sessionRoutes() []route {
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/status", ID: "getStatus", Tag: tagSession, Public: true,
			Summary: "Whether somebody still has to set this server up", SummaryZH: "服务器是否需要首次设置",
			Out: Status{}}, right: anyone, handle: (*API).status},
		{Route: openapi.Route{Method: "POST", Path: "/setup", ID: "setUp", Tag: tagSession, Public: true, Cookie: true,
			Summary: "Set a new server up with its one-time token, and sign in", SummaryZH: "用一次性链接完成首次设置并登录",
			In: SetupRequest{}, Out: Signed{}, Status: fiber.StatusCreated,
			Errors: []problem.Code{problem.Forbidden, problem.Conflict, problem.Overloaded}}, right: anyone, handle: (*API).setup},
		{Route: openapi.Route{Method: "POST", Path: "/session", ID: "signIn", Tag: tagSession, Public: true, Cookie: true,
			Summary: "Sign in; the refresh token comes as a cookie", SummaryZH: "登录；刷新令牌以 Cookie 返回",
			In: SignInRequest{}, Out: Signed{},
			Errors: []problem.Code{problem.BadLogin, problem.Locked, problem.Forbidden}}, right: anyone, handle: (*API).signIn},
		{Route: openapi.Route{Method: "POST", Path: "/session/refresh", ID: "refreshSession", Tag: tagSession, Public: true, Cookie: true,
			Summary: "A new access token for the cookie, which is replaced", SummaryZH: "用 Cookie 换取新的访问令牌，并更换 Cookie",
			In: Empty{}, Out: Signed{},
			Errors: []problem.Code{problem.Unauthorized, problem.Forbidden}}, right: anyone, handle: (*API).refresh},
		{Route: openapi.Route{Method: "DELETE", Path: "/session", ID: "signOut", Tag: tagSession, Public: true, Cookie: true,
			Summary: "Sign out", SummaryZH: "退出登录",
			Errors: []problem.Code{problem.Forbidden}}, right: anyone, handle: (*API).signOut},
		{Route: openapi.Route{Method: "GET", Path: "/me", ID: "getMe", Tag: tagSession,
			Summary: "Who is signed in and may do what where", SummaryZH: "当前登录人及其权限",
			Out: Me{}}, right: self, handle: (*API).me},
		{Route: openapi.Route{Method: "PUT", Path: "/me/password", ID: "setPassword", Tag: tagSession,
			Summary: "Change one's own password; other sessions end", SummaryZH: "修改自己的密码；其他会话随之结束",
			In: PasswordRequest{}, Errors: []problem.Code{problem.Locked}}, right: self, handle: (*API).password},
	}
}

func unitRoutes() []route {
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/units", ID: "listUnits", Tag: tagPeople,
			Summary: "Units, by code", SummaryZH: "单位列表（按编码）",
			Params: pages(query("q", "part of the name or the code", "名称或编码的一部分"),
				query("parent", "of this unit; empty: the tops of what may be seen", "上级单位；为空则为可见的顶层单位")),
			Out: office.Page[office.UnitRow]{}}, right: may(office.Look, somewhere), handle: (*API).listUnits},
		{Route: openapi.Route{Method: "POST", Path: "/units", ID: "addUnit", Tag: tagPeople,
			Summary: "A new unit", SummaryZH: "新增单位",
			In: UnitNew{}, Out: office.UnitRow{}, Status: fiber.StatusCreated,
			Errors: []problem.Code{problem.Conflict}}, right: may(office.Manage, named), handle: (*API).addUnit},
		{Route: openapi.Route{Method: "GET", Path: "/units/:unit", ID: "getUnit", Tag: tagPeople,
			Summary: "One unit", SummaryZH: "单位详情",
			Out: office.UnitRow{}}, right: may(office.Look, somewhere), handle: (*API).getUnit},
		{Route: openapi.Route{Method: "PATCH", Path: "/units/:unit", ID: "changeUnit", Tag: tagPeople,
			Summary: "Rename a unit, or move it", SummaryZH: "修改单位名称、编码或上级",
			In: UnitPatch{}, Out: office.UnitRow{},
			Errors: []problem.Code{problem.Moved, problem.Conflict}}, right: may(office.Manage, atUnit), handle: (*API).changeUnit},
	}
}

func officerRoutes() []route {
	conflicts := []problem.Code{problem.Moved, problem.Conflict}
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/officers", ID: "listOfficers", Tag: tagPeople,
			Summary: "People, by name", SummaryZH: "人员列表（按姓名）",
			Params: pages(unitParam, query("q", "part of the name or the login", "姓名或登录名的一部分"),
				enum("role", roles...), boolean("ended", "who left, or who did not", "是否已离任")),
			Out: office.Page[office.OfficerRow]{}}, right: may(office.Look, somewhere), handle: (*API).listOfficers},
		{Route: openapi.Route{Method: "POST", Path: "/officers", ID: "addOfficer", Tag: tagPeople,
			Summary: "A new person", SummaryZH: "新增人员",
			In: OfficerNew{}, Out: office.OfficerRow{}, Status: fiber.StatusCreated,
			Errors: conflicts}, right: may(office.Manage, named), handle: (*API).addOfficer},
		{Route: openapi.Route{Method: "GET", Path: "/officers/:officer", ID: "getOfficer", Tag: tagPeople,
			Summary: "One person", SummaryZH: "人员详情",
			Out: office.OfficerRow{}}, right: may(office.Look, somewhere), handle: (*API).getOfficer},
		{Route: openapi.Route{Method: "PATCH", Path: "/officers/:officer", ID: "changeOfficer", Tag: tagPeople,
			Summary: "Rename, move or end a person, or give another role", SummaryZH: "修改人员姓名、单位、角色或设为离任",
			In: OfficerPatch{}, Out: office.OfficerRow{},
			Errors: conflicts}, right: may(office.Manage, atOfficer), handle: (*API).changeOfficer},
		{Route: openapi.Route{Method: "GET", Path: "/officers/:officer/grants", ID: "listGrants", Tag: tagPeople,
			Summary: "The rights a person has or had", SummaryZH: "人员的权限记录",
			Out: Grants{}}, right: may(office.Look, atOfficer), handle: (*API).listGrants},
		{Route: openapi.Route{Method: "POST", Path: "/officers/:officer/grants", ID: "addGrant", Tag: tagPeople,
			Summary: "Give a role in one unit of one campaign", SummaryZH: "授予某活动中某单位的角色",
			In: GrantRequest{}, Out: Grants{}, Errors: conflicts}, right: may(office.Manage, atOfficer), handle: (*API).addGrant},
		{Route: openapi.Route{Method: "POST", Path: "/officers/:officer/grants/end", ID: "endGrant", Tag: tagPeople,
			Summary: "End a role in one unit of one campaign", SummaryZH: "结束某活动中某单位的角色",
			In: GrantRequest{}, Out: Grants{}, Errors: conflicts}, right: may(office.Manage, atOfficer), handle: (*API).endGrant},
		{Route: openapi.Route{Method: "PUT", Path: "/officers/:officer/login", ID: "giveLogin", Tag: tagPeople,
			Summary: "Give a login and a first password, new or anew", SummaryZH: "设置登录名与初始密码（或重置）",
			In: LoginRequest{}, Errors: conflicts}, right: may(office.Manage, atOfficer), handle: (*API).giveLogin},
		{Route: openapi.Route{Method: "DELETE", Path: "/officers/:officer/login", ID: "takeLogin", Tag: tagPeople,
			Summary: "Take the login away", SummaryZH: "取消登录账号",
			Errors: conflicts}, right: may(office.Manage, atOfficer), handle: (*API).takeLogin},
	}
}
