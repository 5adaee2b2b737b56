package gateway

import (
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// uploadOf returns what a line of the server says of an original.
func uploadOf(c *changelog.Change) merge.Upload {
	if c.Op == opStored {
		return merge.Upload{State: models.PhotoStored}
	}
	return merge.Upload{State: models.PhotoState(c.State), Reason: c.Reason}
}

// upload puts on a photo's record how far its original has come, and keeps where a receipt stands. Only the server itself
// says so.
func (d *decision) upload(it *item, e *Entry) error {
	if d.officer != d.g.inst.Officer {
		return problem.New(problem.Forbidden, "only the server says what is stored").ZH("存证状态只能由服务器记录。")
	}
	c := it.change
	if c.Unit != "" {
		x := d.w.entries[it.key]
		if x == nil || x.scope == nil || !x.Record.Exists() || x.Record.Text("sha256") != c.SHA256 {
			return problem.New(problem.NotFound, "there is no such photo").ZH("没有这张照片。")
		}
		x.Record.SetUpload(uploadOf(c))
		x.touched, x.last = true, it
	}
	if c.Op != opStored {
		return nil
	}
	return d.w.tx.PutPhotoReceipt(&models.PhotoReceipt{Scope: e.announced, ID: c.ID, SHA256: c.SHA256, Log: it.line.Log,
		Seq: it.line.Seq, OnRecord: c.Unit != ""})
}
