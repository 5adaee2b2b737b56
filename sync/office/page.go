package office

// Page is one page of a list. Next asks for the page after it and is empty on the last one.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
	// Total is how many items the query selects in all, where that is cheap to know; else nil.
	Total *int64 `json:"total,omitempty"`
}

// Paging is which page is wanted: after Cursor ("" for the first), at most Limit items (0: 50;
// never more than 200).
type Paging struct {
	Cursor string
	Limit  int
}
