package changelog

import (
	"errors"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// headerNames are the members that every header has, one bit each in headerReader.seen.
var headerNames = []string{"v", "device", "epoch", "from", "count", "prev", "tail", "sig", "wall", "log_next"}

// ParseHeader reads the first line of a body. Names it does not know are ignored, so that a later
// phone may say more; what it knows must be exact.
func ParseHeader(line []byte) (Header, error) {
	if len(line) > MaxLine {
		return Header{}, problem.New(problem.BadHeader, "The batch header is too long.")
	}
	s := scans.Get().(*scan)
	defer s.release()
	if err := s.read(line); err != nil {
		return Header{}, problem.New(problem.BadHeader, "The batch header cannot be read: %s.", err)
	}
	var h Header
	var seen int
	for i := range s.top {
		m := &s.top[i]
		known, ok := h.take(s, m)
		if !ok {
			return Header{}, problem.New(problem.BadHeader, "In the batch header, %s is not valid.", m.name)
		}
		if known {
			seen++
		}
	}
	if seen != len(headerNames) {
		return Header{}, missing(s)
	}
	if h.From > models.MaxInteger-h.Count {
		return Header{}, problem.New(problem.BadHeader, "In the batch header, from is not valid.")
	}
	return h, nil
}

// missing names the first required member that the header lacks.
func missing(s *scan) error {
	for _, name := range headerNames {
		if s.find(s.top, name) == nil {
			return problem.New(problem.BadHeader, "The batch header lacks %s.", name)
		}
	}
	return problem.Wrap(errors.New("changelog: header count"), problem.BadHeader, "The batch header is not valid.")
}

// take reads one member into h. required says that it is one of headerNames.
func (h *Header) take(s *scan, m *member) (required, ok bool) {
	switch m.name {
	case "v":
		var v int64
		ok = s.readNatural(m, &v) && v == 1
		h.V = int(v)
		return true, ok
	case "device":
		return true, s.readUUID(m, &h.Device)
	case "epoch":
		return true, s.readUUID(m, &h.Epoch)
	case "from":
		return true, s.readNatural(m, &h.From)
	case "count":
		return true, s.readNatural(m, &h.Count)
	case "prev":
		return true, s.readHash(m, &h.Prev)
	case "tail":
		return true, s.readHash(m, &h.Tail)
	case "sig":
		if s.kind(m) == '"' {
			h.Sig, ok = decode64(s.text(m))
		}
		return true, ok
	case "wall":
		return true, s.readNatural(m, &h.Wall)
	case "log_next":
		return true, s.readNatural(m, &h.LogNext)
	case "photos_pending":
		return false, s.readNatural(m, &h.PhotosPending)
	case "acked":
		return false, s.readNatural(m, &h.Acked)
	case "server_epoch":
		return false, s.readText(m, &h.ServerEpoch)
	case "after":
		h.After, ok = s.readAfter(m)
		return false, ok
	}
	return false, true
}

// readAfter reads the line that an epoch follows. All of it is required, for it is signed.
func (s *scan) readAfter(m *member) (*After, bool) {
	if s.kind(m) != '{' {
		return nil, false
	}
	of := s.inner[m.lo:m.hi]
	device, epoch, seq, h := s.find(of, "device"), s.find(of, "epoch"), s.find(of, "seq"), s.find(of, "h")
	if device == nil || epoch == nil || seq == nil || h == nil {
		return nil, false
	}
	a := new(After)
	ok := s.readUUID(device, &a.Device) && s.readUUID(epoch, &a.Epoch) && s.readNatural(seq, &a.Seq) && s.readHash(h, &a.H)
	return a, ok
}

// find returns the member called name, or nil.
func (s *scan) find(list []member, name string) *member {
	for i := range list {
		if list[i].name == name {
			return &list[i]
		}
	}
	return nil
}

func (s *scan) readText(m *member, to *string) bool {
	if s.kind(m) != '"' {
		return false
	}
	*to = s.text(m)
	return true
}

func (s *scan) readUUID(m *member, to *string) bool { return s.readText(m, to) && isUUID(*to) }

func (s *scan) readHash(m *member, to *Hash) bool {
	var text string
	if !s.readText(m, &text) {
		return false
	}
	h, err := ParseHash(text)
	*to = h
	return err == nil
}

func (s *scan) readNatural(m *member, to *int64) bool {
	n, ok := s.integer(m, models.MaxInteger)
	*to = n
	return ok && n >= 0
}
