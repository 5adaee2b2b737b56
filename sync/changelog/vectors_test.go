package changelog

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// vectors are shared with the phone's implementation: testdata/push.json.
type vectors struct {
	vectorLog
	Guest vectorLog
	Twin  struct {
		Lines, Chain []string
		MovedEpoch   string   `json:"moved_epoch"`
		MovedLines   []string `json:"moved_lines"`
		MovedChain   []string `json:"moved_chain"`
	}
	Batches map[string]vectorBatch
}

type vectorLog struct {
	Device, Epoch, Genesis string
	Private                jwk `json:"private_key"`
	Lines, Chain           []string
}

type vectorBatch struct {
	Header json.RawMessage
	Signed string `json:"signed_text"`
	Lines  []string
}

type jwk struct{ X, Y, D string }

func (k jwk) private(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	part := func(s string) []byte {
		b, ok := decode64(s)
		if !ok {
			t.Fatalf("bad key part %q", s)
		}
		return b
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), part(k.D))
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if want := slices.Concat([]byte{4}, part(k.X), part(k.Y)); err != nil || !bytes.Equal(point, want) {
		t.Fatalf("the vectors' public key is not that of their private key: %v", err)
	}
	return key
}

func readVectors(t testing.TB) *vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/push.json")
	if err != nil {
		t.Fatal(err)
	}
	v := new(vectors)
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
	return v
}

// body puts a batch together as a phone sends it: the header on one line.
func (b vectorBatch) body(t testing.TB) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := json.Compact(&buf, b.Header); err != nil {
		t.Fatal(err)
	}
	for _, line := range b.Lines {
		buf.WriteString("\n" + line)
	}
	buf.WriteByte('\n')
	return buf.Bytes()
}

func TestVectorChains(t *testing.T) {
	v := readVectors(t)
	if got := Genesis(v.Device, v.Epoch).String(); got != v.Genesis {
		t.Errorf("genesis = %s, want %s", got, v.Genesis)
	}
	for name, c := range map[string]struct {
		device, epoch string
		lines, chain  []string
	}{
		"phone": {v.Device, v.Epoch, v.Lines, v.Chain},
		"guest": {v.Guest.Device, v.Guest.Epoch, v.Guest.Lines, v.Guest.Chain},
		"twin":  {v.Device, v.Epoch, v.Twin.Lines, v.Twin.Chain},
		"moved": {v.Device, v.Twin.MovedEpoch, v.Twin.MovedLines, v.Twin.MovedChain},
	} {
		h := Genesis(c.device, c.epoch)
		for i, line := range c.lines {
			if h = Next(h, []byte(line)); h.String() != c.chain[i] {
				t.Errorf("%s: h(%d) = %s, want %s", name, i, h, c.chain[i])
			}
		}
	}
	for i, line := range v.Twin.MovedLines {
		c := mustParse(t, line)
		if c.Orig == nil || c.Orig.String() != v.Twin.Chain[5+i] {
			t.Errorf("moved line %d: orig = %v, want the twin's h", i, c.Orig)
		}
	}
}

func TestVectorBatches(t *testing.T) {
	v := readVectors(t)
	phone, guest := v.Private.private(t), v.Guest.Private.private(t)
	if len(v.Batches) < 8 {
		t.Fatalf("%d batches in the vectors", len(v.Batches))
	}
	for name, vb := range v.Batches {
		own, other := phone, guest
		if name == "guest" {
			own, other = guest, phone
		}
		body := vb.body(t)
		b, err := ParseBatch(body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := string(b.Header.SignedText()); got != vb.Signed {
			t.Errorf("%s: signed text = %q, want %q", name, got, vb.Signed)
		}
		if err := b.Header.Verify(&own.PublicKey); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := b.Header.Verify(&other.PublicKey); problem.CodeOf(err) != problem.BadSignature {
			t.Errorf("%s by another key: %v, want bad_signature", name, err)
		}
		if got := Encode(&b.Header, b.Lines); !bytes.Equal(got, body) {
			t.Errorf("%s: encoded again = %s", name, got)
		}
		for i, line := range b.Lines {
			if string(line) != vb.Lines[i] {
				t.Errorf("%s: line %d = %s", name, i, line)
			}
			mustParse(t, string(line))
		}
	}
}

func TestVectorLines(t *testing.T) {
	v := readVectors(t)
	var ops []string
	for i, line := range slices.Concat(v.Lines, v.Guest.Lines, v.Twin.Lines, v.Twin.MovedLines) {
		c := mustParse(t, line)
		if c.Campaign != "01900000-0000-7000-8000-0000000ca001" || c.Unit != "01900000-0000-7000-8000-0000000ab001" {
			t.Errorf("line %d: campaign %q, unit %q", i, c.Campaign, c.Unit)
		}
		if i < len(v.Lines) {
			ops = append(ops, c.Op)
		}
	}
	want := []string{"event.put", "tally.add", "tally.add", "tally.add", "tally.add", "goods.put",
		"goods.move", "goods.move", "photo.put", "event.put"}
	if !slices.Equal(ops, want) {
		t.Errorf("ops = %v, want %v", ops, want)
	}

	first := mustParse(t, v.Lines[0])
	staff := first.Set[6]
	if len(first.Set) != 8 || staff.Name != "staff."+first.Unit || staff.Value.Kind != Int || staff.Value.Int != 6 {
		t.Errorf("set = %+v", first.Set)
	}
	if c := mustParse(t, v.Lines[3]); c.N != -5 || c.Note != "多数了 5 份 — 改正" {
		t.Errorf("correction = %d %q", c.N, c.Note)
	}
	if c := mustParse(t, v.Lines[4]); c.N != 0 || c.Indicator != "gala_cctv" || c.RecordKind() != models.EventKind {
		t.Errorf("counted none = %+v", c)
	}
	destroyed := mustParse(t, v.Lines[7])
	if destroyed.Quantity != 120000 || destroyed.Move != "destroyed" || destroyed.RecordKind() != models.LotKind ||
		destroyed.Event == "" || destroyed.RecordID() != destroyed.Lot || destroyed.Set[2].Value.Kind != Other ||
		string(destroyed.Set[2].Value.Raw) != `["监督员甲","监督员乙"]` {
		t.Errorf("destroyed = %+v", destroyed)
	}
	if c := mustParse(t, v.Guest.Lines[1]); c.Join != "wrong" || c.N != 4 {
		t.Errorf("guest = %+v", c)
	}
}

func mustParse(t testing.TB, line string) *Change {
	t.Helper()
	c, f := ParseLine([]byte(line))
	if f != nil || c == nil {
		t.Fatalf("%s: %+v", line, f)
	}
	return c
}
