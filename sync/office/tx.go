package office

// Tx is one snapshot of what is stored.
type Tx interface{}
