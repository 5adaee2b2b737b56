// Package web holds the web apps as they were built: web/src is their source, go generate ./web builds it into web/dist,
// and dist is committed and embedded here. A server thus carries its user interface in its binary, and building the
// server needs Go alone.
//
// Each app is a folder with an index.html, an app.js and an app.css of fixed names. A page carries no inline script or
// style and loads nothing from elsewhere, so it is meant to be served under Policy.
package web

import (
	"embed"
	"io/fs"
)

//go:generate go run ./gen

//go:embed all:dist
var files embed.FS

// Policy is the Content-Security-Policy under which the apps work, and under which the tests run them.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
	"font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// Dist returns the built files: console/index.html and so on.
func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // only for a name that is not a path
	}
	return dist
}
