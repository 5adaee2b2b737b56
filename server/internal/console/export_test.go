package console

import "github.com/fieldsync/fieldsync/sync/office"

// Declared is what a row of the table declares.
type Declared struct {
	Ability office.Ability
	Place   string
}

var placeNames = map[place]string{public: "public", signedIn: "signed in", somewhere: "somewhere", everywhere: "everywhere",
	atUnit: "at unit", atOfficer: "at officer", atDevice: "at device", atCampaign: "at campaign", inCampaign: "in campaign",
	atRecord: "at record", named: "named"}

// Rights returns what each route declares, by its id.
func Rights() map[string]Declared {
	out := map[string]Declared{}
	for _, r := range table() {
		out[r.ID] = Declared{r.right.ability, placeNames[r.right.place]}
	}
	return out
}

// Faulty reports which of some broken rows the table takes.
func Faulty() []string {
	good := table()[0]
	var taken []string
	for name, spoil := range map[string]func(*route){
		"no right":          func(r *route) { r.right = right{} },
		"an ability less":   func(r *route) { r.right = right{"", somewhere}; r.Public = false },
		"public unsaid":     func(r *route) { r.Public = false },
		"place not in path": func(r *route) { r.right = may(office.Look, atDevice); r.Public = false },
		"no words":          func(r *route) { r.Summary = "" },
		"no handler":        func(r *route) { r.handle = nil },
	} {
		r := good
		spoil(&r)
		if r.check() == nil {
			taken = append(taken, name)
		}
	}
	return taken
}
