// Package mobileapi is the phones' HTTP: enrolment, tokens, push, pull and setup, version 1. It
// decodes, calls the gateway once, and encodes; what a request means is decided there.
package mobileapi
