package gateway

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// Push applies one batch of a device's log. It acknowledges only the lines that the batch carried.
// Transport faults are problems and leave nothing behind; faults of lines are verdicts.
func (g *Gateway) Push(ctx context.Context, device string, b *changelog.Batch) (*Answer, error) {
	if b.Header.Device != device {
		return nil, problem.New(problem.Forbidden, "the batch belongs to another device").ZH("这一批记录属于另一部手机。")
	}
	key, err := g.verifier(ctx, device)
	if err != nil {
		return nil, err
	}
	if err := b.Header.Verify(key); err != nil {
		return nil, err
	}
	p := &push{g: g, batch: b, receipt: g.nowMS(), items: parse(b)}
	if err := g.store.Update(ctx, p.run); err != nil {
		return nil, err
	}
	if p.refused != nil {
		return nil, p.refused
	}
	if len(p.ready) > 0 {
		g.retryReady(ctx, p.ready)
		if p.carriedHeld {
			return p.answer, g.refreshVerdicts(ctx, p)
		}
	}
	return p.answer, nil
}

// DeviceKey returns a device's public key as an uncompressed point, nil when there is no such
// device. A key never changes, so each is read once.
func (g *Gateway) DeviceKey(ctx context.Context, device string) ([]byte, error) {
	if k, ok := g.keys.Load(device); ok {
		return k.([]byte), nil
	}
	var d *models.Device
	err := g.store.View(ctx, func(tx Tx) (err error) {
		d, err = tx.Device(device)
		return err
	})
	if err != nil || d == nil {
		return nil, err
	}
	g.keys.Store(device, d.PublicKey)
	return d.PublicKey, nil
}

func (g *Gateway) verifier(ctx context.Context, device string) (*ecdsa.PublicKey, error) {
	raw, err := g.DeviceKey(ctx, device)
	if err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, problem.New(problem.UnknownDevice, "this device is not enrolled here").ZH("没有登记过这部手机，请重新激活。")
	}
	return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
}

// item is one line on its way through the gateway.
type item struct {
	line   models.Line
	change *changelog.Change
	fault  *changelog.Fault
	hash   changelog.Hash
	origin changelog.Hash // of the first writing: the line's orig, else its own hash

	scopeName string
	key       Key
	effective int64 // ms
	receipt   int64 // ms
	writes    bool  // a register write, for the order behind held ones
	waiting   bool  // the line was held before this transaction
	forced    bool  // the office released it
}

func parse(b *changelog.Batch) []item {
	items := make([]item, len(b.Lines))
	for i := range items {
		it := &items[i]
		it.hash = b.Hashes[i]
		it.line = models.Line{Seq: b.Header.From + int64(i), Raw: b.Lines[i], Hash: it.hash[:]}
		it.read()
	}
	return items
}

// read parses the line's bytes.
func (it *item) read() {
	it.change, it.fault = changelog.ParseLine(it.line.Raw)
	it.origin = it.hash
	if it.fault == nil && it.change.Orig != nil {
		it.origin = *it.change.Orig
	}
}

// push is one run of one batch. The transaction may run more than once: run sets everything anew.
type push struct {
	g       *Gateway
	batch   *changelog.Batch
	receipt int64
	items   []item

	answer      *Answer
	refused     error // the problem to answer although what was noted is kept
	ready       []Key // records whose waiting lines may now apply
	carriedHeld bool
}

func (p *push) run(tx Tx) error {
	p.answer, p.refused, p.ready, p.carriedHeld = nil, nil, nil, false
	h := &p.batch.Header
	w, err := p.g.begin(tx, h.Device, afterDevice(h))
	if err != nil {
		return err
	}
	w.receipt = p.receipt
	log, err := w.openLog(h)
	if err != nil {
		return err
	}
	known, refused, err := p.compare(tx, log)
	if err != nil {
		return err
	}
	if refused != nil {
		p.refused = refused
		if log.No == 0 {
			return nil
		}
		if problem.CodeOf(refused) == problem.Fork {
			log.Forked = true
		}
		w.alarm(log, h)
		return tx.PutLog(log)
	}
	begun := log.No == 0
	if begun && h.Count == 0 && w.hasLog(h.Device) {
		// An empty report of an epoch without lines says nothing that is worth a row.
		return p.respond(w, log, known, nil)
	}
	w.claim(log, h)
	fresh := append([]item(nil), p.items[known:]...)
	if begun {
		if err := tx.AddLog(log); err != nil {
			return err
		}
		if err := w.settleAncestry(log, h); err != nil {
			return err
		}
	}
	if len(fresh) > 0 {
		b := models.Batch{Log: log.No, First: fresh[0].line.Seq, Header: p.batch.Raw,
			ReceiptMS: w.receipt, OffsetMS: w.receipt - h.Wall}
		if err := tx.AddBatch(&b); err != nil {
			return err
		}
		for i := range fresh {
			fresh[i].receipt = w.receipt
			fresh[i].effective = effective(&fresh[i], b.OffsetMS, w.receipt)
		}
		if err := w.apply(log, fresh); err != nil {
			return err
		}
		last := &fresh[len(fresh)-1]
		log.Next, log.Head = last.line.Seq+1, last.hash[:]
	}
	if err := tx.PutLog(log); err != nil {
		return err
	}
	p.ready = w.ready
	return p.respond(w, log, known, fresh)
}

func effective(it *item, offset, receipt int64) int64 {
	if it.change == nil {
		return receipt
	}
	return min(it.change.At+offset, receipt)
}

// compare tells a repeat from a gap and from a fork. It returns how many of the carried lines are
// known already.
func (p *push) compare(tx Tx, log *models.Log) (known int, refused, err error) {
	h := &p.batch.Header
	if h.From > log.Next {
		return 0, p.problem(problem.Gap, log, "the server lacks lines before these"), nil
	}
	if h.From == log.Next {
		if !bytes.Equal(h.Prev[:], log.Head) {
			return 0, p.problem(problem.Fork, log, "the server holds another history").With("at", nil), nil
		}
		return 0, nil, nil
	}
	n := min(log.Next-h.From, h.Count)
	first := max(h.From-1, 0)
	stored, err := tx.Hashes(log.No, first, h.From+n-first)
	if err != nil {
		return 0, nil, err
	}
	prev := changelog.Genesis(h.Device, h.Epoch)
	if h.From > 0 {
		prev, stored = stored[0], stored[1:]
	}
	if prev != h.Prev {
		return 0, p.problem(problem.Fork, log, "the server holds another history").With("at", nil), nil
	}
	if planted(plantOverlap) {
		return int(n), nil, nil
	}
	for i := range stored {
		if stored[i] != p.batch.Hashes[i] {
			return 0, p.problem(problem.Fork, log, "the server holds other lines at these places").
				With("at", h.From+int64(i)), nil
		}
	}
	return int(n), nil, nil
}

func (p *push) problem(code problem.Code, log *models.Log, msg string) *problem.Error {
	return problem.New(code, "%s", msg).With("next", log.Next).With("head", hashText(log.Head)).
		With("server_time", p.receipt).With("server_epoch", p.g.inst.ServerEpoch)
}

// respond makes the answer: a verdict for each carried line that is not applied.
func (p *push) respond(w *work, log *models.Log, known int, fresh []item) error {
	scopes, err := w.tx.ScopesOf(w.assigned)
	if err != nil {
		return err
	}
	a := &Answer{Next: log.Next, Head: hashText(log.Head), ServerTime: p.receipt,
		ServerEpoch: p.g.inst.ServerEpoch, Scopes: scopes, Verdicts: []Verdict{}}
	if known > 0 {
		old, err := w.tx.Verdicts(log.No, p.batch.Header.From, int64(known))
		if err != nil {
			return err
		}
		for i := range old {
			a.Verdicts = append(a.Verdicts, verdict(old[i].Seq, old[i].Status, old[i].Cause))
			p.carriedHeld = p.carriedHeld || old[i].Status == models.Held
		}
	}
	for i := range fresh {
		if l := &fresh[i].line; l.Status != models.Applied {
			v := verdict(l.Seq, l.Status, l.Cause)
			if fresh[i].fault != nil {
				v.Message = fresh[i].fault.Msg
			}
			a.Verdicts = append(a.Verdicts, v)
			p.carriedHeld = p.carriedHeld || l.Status == models.Held
		}
	}
	p.answer = a
	return nil
}

// refreshVerdicts reads the verdicts again after waiting lines were tried: what this very push
// released is not reported as held.
func (g *Gateway) refreshVerdicts(ctx context.Context, p *push) error {
	h := &p.batch.Header
	messages := map[int64]string{}
	for _, v := range p.answer.Verdicts {
		messages[v.Seq] = v.Message
	}
	return g.store.View(ctx, func(tx Tx) error {
		log, err := tx.FindLog(h.Device, h.Epoch)
		if err != nil || log == nil {
			return err
		}
		lines, err := tx.Verdicts(log.No, h.From, h.Count)
		if err != nil {
			return err
		}
		p.answer.Verdicts = p.answer.Verdicts[:0]
		for i := range lines {
			v := verdict(lines[i].Seq, lines[i].Status, lines[i].Cause)
			if lines[i].Status == models.Rejected && messages[v.Seq] != "" {
				v.Message = messages[v.Seq]
			}
			p.answer.Verdicts = append(p.answer.Verdicts, v)
		}
		return nil
	})
}

func hashText(b []byte) string {
	var h changelog.Hash
	copy(h[:], b)
	return h.String()
}

func afterDevice(h *changelog.Header) string {
	if h.After != nil && h.After.Device != h.Device {
		return h.After.Device
	}
	return ""
}
