package album

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/models"
)

// listName is the list of all photos in the zip.
const listName = "清单.csv"

var listHead = []string{"文件", "状态", "说明", "单位", "场次", "拍摄时间", "手机时间", "时钟偏差（秒）", "登记到达时间", "原件到达时间",
	"地点", "经度", "纬度", "精度（米）", "内容", "人员", "手机", "大小（字节）", "类型", "SHA-256", "查询码", "回执日志", "回执行号", "照片编号", "场次编号"}

// list is the list while it grows: compressed, since it is written last and nobody knows how long it becomes.
type list struct {
	zone *time.Location
	kept bytes.Buffer
	pack *flate.Writer
	rows *csv.Writer
}

func newList(zone *time.Location) *list {
	l := &list{zone: zone}
	l.pack, _ = flate.NewWriter(&l.kept, flate.BestSpeed) // only for a level that there is not
	_, _ = io.WriteString(l.pack, "\ufeff")               // spreadsheets take it for UTF-8 then; a buffer takes everything
	l.rows = csv.NewWriter(l.pack)
	l.rows.UseCRLF = true
	_ = l.rows.Write(listHead)
	return l
}

var stateWords = map[models.PhotoState]string{models.PhotoAnnounced: "未上传", models.PhotoPartial: "上传中", models.PhotoStored: "已存证",
	models.PhotoRefused: "已隔离"}

// add notes one photo; path is "" for one that is not in the zip.
func (l *list) add(p *Photo, path string, stamped bool) error {
	note := p.Reason
	switch {
	case path == "" && p.State != models.PhotoRefused:
		note = "原件缺失"
	case path != "" && stamped:
		note = "水印副本"
	case path != "":
		note = "原件"
	}
	receipt := []string{"", ""}
	if p.ReceiptLog != 0 {
		receipt = []string{strconv.FormatInt(p.ReceiptLog, 10), strconv.FormatInt(p.ReceiptSeq, 10)}
	}
	row := append([]string{path, stateWords[p.State], note, p.UnitName, p.EventTitle, l.at(p.TakenMS), l.at(p.ClaimedMS),
		strconv.FormatFloat(float64(p.OffsetMS)/1000, 'f', -1, 64), l.at(p.AnnouncedMS), l.at(p.StoredMS), p.Place, degrees(p.Lng), degrees(p.Lat),
		whole(p.Accuracy), p.Caption, p.Person, p.Device, strconv.FormatInt(p.Bytes, 10), p.MIME, p.SHA256, models.LookupCode(p.SHA256)},
		append(receipt, p.ID, p.Event)...)
	for _, i := range []int{2, 3, 4, 10, 14, 15, 16, 18} {
		row[i] = plain(row[i])
	}
	return l.rows.Write(row)
}

// write puts the list into the zip.
func (l *list) write(z *zip.Writer) error {
	l.rows.Flush()
	if err := l.rows.Error(); err != nil {
		return err
	}
	if err := l.pack.Close(); err != nil {
		return err
	}
	f, err := z.Create(listName)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, flate.NewReader(&l.kept))
	return err
}

func (l *list) at(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(l.zone).Format("2006-01-02 15:04:05")
}

func degrees(v *int64) string {
	if v == nil {
		return ""
	}
	sign, n := "", *v
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%07d", sign, n/1e7, n%1e7)
}

func whole(v *int64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatInt(*v, 10)
}

// plain keeps a text from being a formula: a spreadsheet would run what somebody typed on a phone.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
