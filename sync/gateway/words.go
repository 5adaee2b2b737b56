package gateway

import (
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// frozen and recounting are the refusals that most decisions know.
func frozen() *problem.Error {
	return problem.New(problem.Conflict, "the campaign is frozen: open an amendment first").ZH("活动已冻结，要修改请先开启更正。")
}

func recounting() *problem.Error {
	return problem.New(problem.Conflict, "the totals are being counted under new rules: try again when that is done").
		ZH("正在按新口径重新统计，请稍后再试。").RetryAfter(10)
}

// sentencesZH are sentences in Chinese, without their full stop, for the office: phones have words of
// their own for causes.
var sentencesZH = map[models.Cause]string{
	models.BadLine:          "记录无法读取",
	models.BadField:         "有一项填写的内容不符合规定",
	models.SetOnce:          "此项已填写过，填写后不能再改",
	models.ByOffice:         "记录已被驳回",
	models.UnknownEvent:     "所属场次尚未到达",
	models.UnknownLot:       "所属物品尚未到达",
	models.UnknownOp:        "服务器版本较低，不能识别这种操作",
	models.UnknownIndicator: "活动的统计表中没有这个指标",
	models.NoRight:          "填报人在该单位没有填报权限",
	models.Revoked:          "手机已停用",
	models.CampaignDraft:    "活动尚未开放填报",
	models.CampaignClosed:   "活动已截止填报",
	models.EventAccepted:    "场次或填报表已审核通过，要修改请先撤销通过",
	models.BadBase:          "内容刚刚被改过，请刷新后再操作",
	models.Behind:           "同一记录的前一条修改仍在暂存",
}

// nounsZH are what is looked for and not found, kindsZH what is set up.
var (
	nounsZH = map[string]string{"campaign": "活动", "enrolment code": "激活码", "first event": "场次", "hand-in": "报送材料",
		"officer": "人员", "phone": "手机", "unit": "单位"}
	kindsZH = map[string]string{"unit": "单位", "officer": "人员", "campaign": "活动", "template": "模板", "handin": "报送材料",
		"task": "任务", "roster": "值班表", "reminder": "提醒", "receipt": "报送登记", "device": "手机"}
)

// fieldsZH are the fields of records that a fault of the office's own line can name.
var fieldsZH = map[string]string{
	"kind": "类型", "venue": "场所", "title": "名称", "started_at": "开始时间", "ended_at": "结束时间", "place": "地点",
	"lat": "纬度", "lng": "经度", "accuracy": "定位精度", "large": "大型活动", "urgent": "重大情况", "notes": "备注",
	"no_commercial": "无商业活动", "meeting_type": "会议类型", "leaders": "党政领导", "operators": "经营者", "experts": "专家、律师",
	"consumers": "消费者", "banners": "条幅", "led_slogans": "电子屏标语", "boards": "展板", "completed": "填报完成", "deleted": "删除",
	"channel": "媒体", "form": "形式", "outlet": "媒体名称", "programme": "栏目", "content": "内容", "first_aired_at": "首播时间",
	"repeat": "重播", "minutes": "时长（分钟）", "pieces": "数量", "url": "网址", "category": "类别", "name": "名称", "brand": "品牌",
	"spec": "规格", "unit": "计量单位", "value": "价值（元）", "case_no": "案件编号", "from_unit": "移交单位", "appeal_over": "复议诉讼期已过",
	"approval_no": "审批编号", "approved_on": "审批日期", "event": "场次", "caption": "说明", "taken_at": "拍摄时间", "remarks": "备注",
	"filled_by": "填报人", "phone": "联系电话", "dated": "填报日期", "approved": "负责人签认", "n": "数量", "reason": "原因", "note": "说明",
}

// fieldZH names a field of a record in Chinese, as it is written when it has no name.
func fieldZH(field string) string {
	if strings.HasPrefix(field, models.StaffPrefix) {
		return "工作人员"
	}
	if zh, ok := fieldsZH[field]; ok {
		return zh
	}
	return field
}

// faultZH says in Chinese what is wrong with a line of the office's own, as far as a form can mend it.
func faultZH(f *changelog.Fault) string {
	if zh := fieldZH(f.Name); zh != f.Name {
		return "“" + zh + "”填写的内容不符合规定，请检查类型和范围。"
	}
	return sentencesZH[f.Cause] + "，请检查后再提交。"
}
