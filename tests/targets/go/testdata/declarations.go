package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
)

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		path := lines.Text()
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			panic(err)
		}
		fmt.Print(path)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				fmt.Print(" ", d.Name.Name)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						fmt.Print(" type:", s.Name.Name)
						if t, ok := s.Type.(*ast.StructType); ok {
							for _, f := range t.Fields.List {
								fmt.Print(" .", f.Names[0].Name)
							}
						}
					case *ast.ValueSpec:
						fmt.Print(" =", s.Names[0].Name)
					}
				}
			}
		}
		fmt.Println()
	}
}
