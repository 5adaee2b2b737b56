package openapi

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Comments are the doc comments of a module: of types by "import/path.Type", of fields by
// "import/path.Type.Field", of constants by "import/path.Type=value". A type or constant without a
// comment is there with an empty one.
type Comments map[string]string

// ReadComments reads the comments of all packages below root, the folder of a go.mod.
func ReadComments(root string) (Comments, error) {
	module, err := moduleOf(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	c := Comments{}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(p))
		if err != nil {
			return err
		}
		c.add(path.Join(module, filepath.ToSlash(folder)), file)
		return nil
	})
	return c, err
}

func moduleOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "module "); ok {
			return strings.TrimSpace(name), nil
		}
	}
	return "", lines.Err()
}

func (c Comments) add(pkg string, file *ast.File) {
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				doc := s.Doc
				if doc == nil && len(d.Specs) == 1 {
					doc = d.Doc
				}
				name := pkg + "." + s.Name.Name
				c[name] = text(doc)
				if st, ok := s.Type.(*ast.StructType); ok {
					c.fields(name, st)
				}
			case *ast.ValueSpec:
				if d.Tok == token.CONST {
					c.constant(pkg, s)
				}
			}
		}
	}
}

func (c Comments) fields(of string, st *ast.StructType) {
	for _, f := range st.Fields.List {
		words := text(f.Doc)
		if line := text(f.Comment); line != "" {
			words = strings.TrimSpace(words + " " + line)
		}
		for _, name := range f.Names {
			c[of+"."+name.Name] = words
		}
	}
}

// constant keeps the comment of a word of a named type of strings.
func (c Comments) constant(pkg string, s *ast.ValueSpec) {
	typ, ok := s.Type.(*ast.Ident)
	if !ok || len(s.Values) != 1 {
		return
	}
	lit, ok := s.Values[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	if value, err := strconv.Unquote(lit.Value); err == nil {
		c[pkg+"."+typ.Name+"="+value] = strings.TrimSpace(text(s.Doc) + " " + text(s.Comment))
	}
}

var docLink = regexp.MustCompile(`\[([A-Za-z][\w.]*)\]`)

// text is a comment as running text: its paragraphs in a line each, doc links without brackets.
func text(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	paragraphs := strings.Split(strings.TrimSpace(group.Text()), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(docLink.ReplaceAllString(p, "$1")), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

// of returns the comment of a type.
func (c Comments) of(t reflect.Type) string { return c[t.PkgPath()+"."+baseName(t)] }

// ofField returns the comment of a field of the struct t.
func (c Comments) ofField(t reflect.Type, field string) string {
	return c[t.PkgPath()+"."+baseName(t)+"."+field]
}

// ofValue returns the comment of a constant of the type t.
func (c Comments) ofValue(t reflect.Type, value string) string {
	return c[t.PkgPath()+"."+baseName(t)+"="+value]
}

// values returns the words that are declared as constants of the type t.
func (c Comments) values(t reflect.Type) []string {
	var words []string
	prefix := t.PkgPath() + "." + baseName(t) + "="
	for key := range c {
		if word, ok := strings.CutPrefix(key, prefix); ok {
			words = append(words, word)
		}
	}
	return words
}

// baseName is the name of a type without the arguments of a generic one.
func baseName(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}
