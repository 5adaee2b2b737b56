package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// ImportResult says what became of a file.
type ImportResult struct {
	SHA256  string          `json:"sha256"` // of the file, as the audit trail has it
	Lines   int64           `json:"lines"`  // in all batches
	New     int64           `json:"new"`    // that the server did not have
	Batches []ImportedBatch `json:"batches"`
}

// ImportedBatch is what became of one push of a file. With Code set, nothing of it was taken.
type ImportedBatch struct {
	Device    string       `json:"device"`
	Officer   string       `json:"officer"`
	Epoch     string       `json:"epoch"`
	From      int64        `json:"from"`
	Lines     int64        `json:"lines"`
	New       int64        `json:"new"`
	Held      int          `json:"held"`     // of its lines, now
	Rejected  int          `json:"rejected"` // of its lines
	Duplicate int          `json:"duplicate"`
	Next      int64        `json:"next"` // seq of the line that the server lacks first
	Code      problem.Code `json:"code,omitempty"`
	Message   string       `json:"message,omitempty"`
	MessageZH string       `json:"message_zh,omitempty"` // the same in Chinese
}

// Import takes the file of a phone that cannot push: the bodies of pushes as the phone signed them, one
// after the other. Each is verified and applied in the device's name and with its rights, as if it had
// been pushed; whoever imports it answers for nothing in it. A batch that cannot be taken does not stop
// the others. also, unless it is nil, is asked in the transaction that notes the import, before any batch
// is taken.
func (g *Gateway) Import(ctx context.Context, by string, body []byte, also func(Tx) error) (*ImportResult, error) {
	batches, err := splitBatches(body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	out := &ImportResult{SHA256: hex.EncodeToString(sum[:]), Batches: []ImportedBatch{}}
	for _, b := range batches {
		out.Lines += b.Header.Count
	}
	// Said before it is done: what a crash leaves half done is in the trail.
	if err := g.Do(ctx, by, also, Entry{Op: opNote, Kind: "import", Note: fmt.Sprintf("batches %d, lines %d, sha256 %s",
		len(batches), out.Lines, out.SHA256)}); err != nil {
		return nil, err
	}
	for _, b := range batches {
		one := g.importOne(ctx, b)
		out.New += one.New
		out.Batches = append(out.Batches, one)
	}
	return out, nil
}

// splitBatches takes a file apart into the batches it holds.
func splitBatches(body []byte) (out []*changelog.Batch, err error) {
	for n := 1; len(body) > 0; n++ {
		raw, _, _ := bytes.Cut(body, []byte{'\n'})
		h, err := changelog.ParseHeader(raw)
		if err != nil || h.Count > changelog.MaxLines {
			return nil, problem.Wrap(err, problem.Invalid, "batch %d of the file does not begin with a header", n).
				ZH("文件第 %d 批的开头不对：文件已损坏，或不是手机导出的文件。", n)
		}
		end := 0
		for range h.Count + 1 {
			at := bytes.IndexByte(body[end:], '\n')
			if at < 0 {
				end = len(body)
				break
			}
			end += at + 1
		}
		b, err := changelog.ParseBatch(body[:end])
		if err != nil {
			en, zh := sentenceOf(err)
			return nil, problem.Wrap(err, problem.Invalid, "batch %d of the file is damaged: %s", n, en).
				ZH("文件第 %d 批已损坏：%s", n, zh)
		}
		out, body = append(out, b), body[end:]
	}
	if len(out) == 0 {
		return nil, problem.New(problem.Invalid, "the file holds nothing").ZH("文件是空的，请重新选择。")
	}
	return out, nil
}

// importOne pushes one batch in its device's name.
func (g *Gateway) importOne(ctx context.Context, b *changelog.Batch) ImportedBatch {
	h := &b.Header
	out := ImportedBatch{Device: h.Device, Epoch: h.Epoch, From: h.From, Lines: h.Count}
	before, err := g.beforeImport(ctx, h, &out)
	var a *Answer
	if err == nil {
		a, err = g.Push(ctx, h.Device, b)
	}
	if err != nil {
		out.Code = problem.CodeOf(err)
		out.Message, out.MessageZH = sentenceOf(err)
		return out
	}
	out.Next = a.Next
	out.New = min(max(h.From+h.Count-max(h.From, before), 0), h.Count)
	for _, v := range a.Verdicts {
		switch v.Status {
		case models.Held.String():
			out.Held++
		case models.Rejected.String():
			out.Rejected++
		case models.Duplicate.String():
			out.Duplicate++
		}
	}
	return out
}

// beforeImport returns how much of the log the server has, and refuses the office's own logs: those are
// written here and nowhere else.
func (g *Gateway) beforeImport(ctx context.Context, h *changelog.Header, out *ImportedBatch) (next int64, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		d, err := tx.Device(h.Device)
		if err != nil || d == nil {
			return err // an unknown device is the push's to refuse
		}
		if d.Office {
			return problem.New(problem.Forbidden, "the batch is of the office's own log").ZH("这一批是办公端自己的日志，不能导入。")
		}
		out.Officer = d.Officer
		log, err := tx.FindLog(h.Device, h.Epoch)
		if log != nil {
			next = log.Next
		}
		return err
	})
	return next, err
}

// sentenceOf returns the public words of an error, in English and in Chinese.
func sentenceOf(err error) (en, zh string) {
	var p *problem.Error
	if !errors.As(err, &p) {
		p = problem.New(problem.Internal, "something went wrong here").ZH("服务器出错了，请稍后再试。")
	}
	return p.Msg, p.InChinese()
}
