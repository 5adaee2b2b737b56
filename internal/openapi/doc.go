// Package openapi describes the HTTP of fieldsync for people and programs. Each HTTP package keeps
// a table of its routes as [Route] values; from it come the OpenAPI 3.1 document ([Document]), the
// types of the web apps ([TypeScript]) and a page to read ([Page]).
//
// Types are described by reflection, so a description cannot say what the code does not do. What Go
// cannot know at run time, the words of the doc comments, is read from the source with
// [ReadComments] when the documents are written. They are committed, embedded by their packages and
// written anew with
//
//	go generate ./internal/openapi
//
// which runs a test of the server that otherwise fails when they are stale. Package openapitest holds
// every answer of a test suite against the document.
package openapi

//go:generate go test ../../server -run ^TestDocuments$ -update
