package console

import (
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/office"
)

const (
	mimeZIP   = "application/zip"
	tagPhotos = "photos"
	// pictureTypes are the types of what is given out.
	pictureTypes = "image/jpeg, image/png, image/webp, image/heic, image/heif, video/mp4, application/octet-stream"
	photoPath    = "/campaigns/:campaign/units/:unit/photos/:id"
)

func photoRoutes() []route {
	chosen := []openapi.Param{unitParam, query("event_unit", "with event: in whose part of the campaign it stands", "场次所在单位，与 event 一起"),
		query("event", "of this event", "所属场次"), fromParam, toParam, enum("state", "announced", "partial", "stored", "refused", office.StateMissing),
		enum("sort", office.SortPhoto, office.SortVideo), query("q", "part of place or caption", "地点或内容的一部分"),
		query("code", "look-up code of the original, as on stamped copies", "水印上的查询码"), enum("order", office.NewestFirst, office.OldestFirst)}
	list := []route{
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/photos", ID: "listPhotos", Tag: tagPhotos,
			Summary: "Photos of a campaign, with how far their originals have come", SummaryZH: "活动照片及原件状态",
			Params: pages(chosen...), Out: office.Page[office.PhotoView]{}}, right: may(office.Look, somewhere), handle: (*API).listPhotos},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/photos/sums", ID: "getPhotoSums", Tag: tagPhotos,
			Summary: "The same photos added up by the states of their originals", SummaryZH: "按原件状态汇总照片",
			Params: chosen, Out: PhotoSums{}}, right: may(office.Look, somewhere), handle: (*API).photoSums},
		{Route: openapi.Route{Method: "GET", Path: photoPath, ID: "getPhoto", Tag: tagPhotos,
			Summary: "One photo: claims, facts of the file, receipt", SummaryZH: "照片详情：登记信息、文件信息、回执",
			Out: office.PhotoView{}}, right: may(office.Look, somewhere), handle: (*API).getPhoto},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/album", ID: "addAlbum", Tag: tagPhotos,
			Summary: "A ticket for one download of an album, good for two minutes", SummaryZH: "申请一次性的相册下载链接（两分钟内有效）",
			In: AlbumRequest{}, Out: AlbumTicket{}}, right: may(office.Look, named), handle: (*API).addAlbum},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/album", ID: "getAlbum", Tag: tagPhotos, Public: true,
			Summary: "The album of a ticket, as a zip that is written while it is sent; noted in the trail", SummaryZH: "凭一次性链接下载相册（zip），记入操作记录",
			Params:  []openapi.Param{needed(query("ticket", "of addAlbum; its maker's rights are asked for again", "addAlbum 给出的链接凭据"))},
			OutType: mimeZIP, Errors: []problem.Code{problem.Unauthorized, problem.Forbidden, problem.Overloaded}}, right: anyone, handle: (*API).getAlbum},
	}
	for _, v := range []struct {
		name, id, en, zh string
		handle           func(*API, *call) error
	}{
		{VariantOriginal, "getOriginal", "The original, unchanged; 307 to the store where that is allowed", "下载原件", (*API).getOriginal},
		{VariantPreview, "getPreview", "A small picture, of the phone until the server has made its own", "预览图", (*API).getPreview},
		{VariantStamped, "getStamped", "A copy with time, place and caption written on it, made when it is asked for", "水印照片", (*API).getStamped},
	} {
		r := route{Route: openapi.Route{Method: "GET", Path: photoPath + "/" + v.name, ID: v.id, Tag: tagPhotos, ETag: true, Ranges: true,
			Summary: v.en, SummaryZH: v.zh, OutType: pictureTypes, Errors: []problem.Code{problem.Overloaded}}, right: may(office.Look, somewhere), handle: v.handle}
		if v.name == VariantOriginal {
			r.Redirects = true
			r.Params = []openapi.Param{boolean("direct", "never send to the store's own address", "不跳转到存储地址")}
		}
		list = append(list, r)
	}
	return list
}
