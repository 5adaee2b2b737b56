package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Enrolled is what the server says to a new device.
type Enrolled struct {
	DeviceID string `json:"device_id"`
	Officer  struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Role string `json:"role"`
	} `json:"officer"`
	Unit struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"unit"`
	ServerTime int64 `json:"server_time"` // ms
}

// Enrol redeems an enrolment code. The same code with the same key is answered the same for a day,
// so a lost reply is asked for again.
//
// A phone that was another device before takes its log along: what the server acknowledged stays
// where it is and the rest moves to the new device; if the server did not know the old device
// (unknown_device), every line that was kept moves.
func (c *Client) Enrol(ctx context.Context, code, name, platform string) (*Enrolled, error) {
	c.net.Lock()
	defer c.net.Unlock()
	jwk, err := PublicJWK(c.cfg.Key)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(struct {
		Code      string `json:"code"`
		Name      string `json:"name"`
		Platform  string `json:"platform"`
		PublicKey JWK    `json:"public_key"`
	}{code, name, platform, jwk})
	if err != nil {
		return nil, err
	}
	a, err := c.do(ctx, &request{method: http.MethodPost, path: "/api/v1/devices", body: body,
		header: map[string]string{"Content-Type": "application/json"}})
	if err != nil {
		return nil, err
	}
	var got Enrolled
	if err := json.Unmarshal(a.body, &got); err != nil {
		return nil, err
	}
	return &got, c.become(&got)
}

// become makes the phone the device that it was enrolled as.
func (c *Client) become(got *Enrolled) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	was, officer := c.note.Device, c.note.Officer
	if was == got.DeviceID && c.current() != nil {
		return nil
	}
	c.token = ""
	c.note.Identity = Identity{Device: got.DeviceID, Officer: got.Officer.ID, Unit: got.Unit.ID}
	if err := c.takeAlong(officer == got.Officer.ID); err != nil {
		return err
	}
	c.strange = false
	return c.keep()
}

// takeAlong opens the first epoch of a device, with all that an earlier device of the same officer
// kept, acknowledged or not: an answer may have been lost, or the server restored since. The server
// knows moved lines by their origin within the officer's family, so those that it has are repeats.
// Lines of another officer stay where they are: they are not this one's work.
func (c *Client) takeAlong(same bool) error {
	if !same {
		return c.begin(nil, nil, nil, 0)
	}
	var all [][]byte
	for _, e := range c.epochs {
		all = append(all, e.moved(0)...)
	}
	return c.begin(nil, all, nil, 0)
}

// fetchToken gets an access token. A clock that the server calls wrong is corrected for the
// assertion alone; a jti that was used is made anew.
func (c *Client) fetchToken(ctx context.Context) error {
	device := c.Identity().Device
	if device == "" {
		return errNotEnrolled
	}
	for try := 0; ; try++ {
		signed, err := assertion(c.cfg.Key, device, c.cfg.Now().Add(c.skew))
		if err != nil {
			return err
		}
		form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {signed}}
		a, err := c.do(ctx, &request{method: http.MethodPost, path: "/api/v1/token", body: []byte(form.Encode()),
			header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
		if err == nil {
			return c.takeToken(a.body)
		}
		server, told := number(err, "server_time")
		switch code := problem.CodeOf(err); {
		case try == 3:
			return c.noteStranger(err)
		case code == problem.ClockSkew && told:
			c.skew = time.UnixMilli(server).Sub(c.cfg.Now())
		case code != problem.Replayed:
			return c.noteStranger(err)
		}
	}
}

func (c *Client) takeToken(body []byte) error {
	var got struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &got); err != nil {
		return err
	}
	c.token = got.AccessToken
	return nil
}

// noteStranger remembers that the server does not know the device: the phone must be enrolled
// again, and takes all its lines along.
func (c *Client) noteStranger(err error) error {
	if problem.CodeOf(err) == problem.UnknownDevice {
		c.mu.Lock()
		c.strange = true
		c.mu.Unlock()
	}
	return err
}
