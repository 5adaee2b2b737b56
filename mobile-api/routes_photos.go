package mobileapi

import (
	"net/http"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
)

// digestParam is the hash that comes beside the bytes of a photo.
var digestParam = openapi.Param{Name: "Content-Digest", In: "header", Required: true,
	Summary: "RFC 9530: sha-256=:BASE64: of the body. Other algorithms beside it are ignored.", SummaryZH: "请求体的 SHA-256"}

// pictureTypes are the types of what is given out.
const pictureTypes = "image/jpeg, image/png, image/webp, image/heic, image/heif, video/mp4, " + httpapi.AnyBytes

// photoRoutes describes the photos' routes.
func photoRoutes() []openapi.Route {
	list := []openapi.Route{
		{
			Method: http.MethodPost, Path: "/photos/have", ID: "havePhotos", Tag: "photos",
			Summary: "Ask how far photos have come", SummaryZH: "查询照片是否已收到",
			Text: "A phone asks before it sends, and sends only the units that are missing: whoever brought the others. A photo is known " +
				"to who announced it by a line, and to who has a right to its unit; to all others it is unknown. With stored comes the " +
				"receipt, a signed line of the server's own log: only then an original may be deleted from the phone.",
			In: haveRequest{}, Out: haveAnswer{}, Errors: []problem.Code{problem.UnknownDevice},
		},
		{
			Method: http.MethodPut, Path: "/photos/:id/units/:n", ID: "putPhotoUnits", Tag: "photos",
			Summary: "Send some units of an original", SummaryZH: "上传照片原件的若干分块",
			Text: "The body is 1 to 8 consecutive units of 131,072 bytes from number n on, counted from 0; only the last one of an original " +
				"is shorter. Any order, any number of times. When the last missing one has come, the whole is compared with the hash that was " +
				"announced and looked at: the answer then says stored or refused.",
			Params: []openapi.Param{
				{Name: "n", In: "path", Type: "integer", Summary: "Number of the first unit in the body.", SummaryZH: "首块编号"}, digestParam,
			},
			InType: httpapi.AnyBytes, Out: uploadState{},
			Errors: []problem.Code{problem.BadDigest, problem.HashMismatch, problem.Quota, problem.UnknownDevice},
		},
		{
			Method: http.MethodPut, Path: "/photos/:id/preview", ID: "putPhotoPreview", Tag: "photos",
			Summary: "Send a small preview before the original", SummaryZH: "先上传缩略图",
			Text:   "JPEG, PNG or WebP of at most 61,440 bytes, its longest side at most 480 pixels.",
			Params: []openapi.Param{digestParam},
			InType: httpapi.AnyBytes,
			Errors: []problem.Code{problem.BadDigest, problem.Quota, problem.UnknownDevice},
		},
	}
	for _, v := range []struct{ name, id, summary, zh string }{
		{"original", "getOriginal", "Fetch the original, unchanged", "下载原件"},
		{"preview", "getPreview", "Fetch the preview", "下载缩略图"},
		{"stamped", "getStamped", "Fetch the copy that has time, place and caption written on it", "下载水印照片"},
	} {
		list = append(list, openapi.Route{
			Method: http.MethodGet, Path: "/photos/:id/" + v.name, ID: v.id, Tag: "photos", ETag: true, Ranges: true,
			Summary: v.summary, SummaryZH: v.zh,
			OutType: pictureTypes, Errors: []problem.Code{problem.UnknownDevice, problem.Forbidden},
		})
	}
	return list
}
