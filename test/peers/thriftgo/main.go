// Says what thriftgo thinks of Thrift files: see README.md.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/cloudwego/thriftgo/parser"
	"github.com/cloudwego/thriftgo/semantic"
)

type field struct {
	ID           int32  `json:"id"`
	Name         string `json:"name"`
	Requiredness string `json:"requiredness"`
}

type opinion struct {
	Error    string                        `json:"error,omitempty"`
	Structs  map[string][]field            `json:"structs,omitempty"`
	Services map[string]map[string][]field `json:"services,omitempty"`
	Enums    map[string]map[string]int64   `json:"enums,omitempty"`
}

func main() {
	var paths []string
	if err := json.NewDecoder(os.Stdin).Decode(&paths); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	opinions := map[string]opinion{}
	for _, path := range paths {
		opinions[path] = judge(path)
	}
	if err := json.NewEncoder(os.Stdout).Encode(opinions); err != nil {
		os.Exit(1)
	}
}

func judge(path string) (result opinion) {
	defer func() {
		if cause := recover(); cause != nil {
			result = opinion{Error: fmt.Sprint("panic: ", cause)}
		}
	}()
	ast, err := parser.ParseFile(path, nil, true)
	if err != nil {
		return opinion{Error: err.Error()}
	}
	if circle := parser.CircleDetect(ast); circle != "" {
		return opinion{Error: "circle: " + circle}
	}
	if err := semantic.ResolveSymbols(ast); err != nil {
		return opinion{Error: err.Error()}
	}
	if _, err := semantic.NewChecker(semantic.Options{FixWarnings: true}).CheckAll(ast); err != nil {
		return opinion{Error: err.Error()}
	}
	return seen(ast)
}

func seen(ast *parser.Thrift) opinion {
	result := opinion{Structs: map[string][]field{}, Services: map[string]map[string][]field{}, Enums: map[string]map[string]int64{}}
	for _, one := range ast.GetStructLikes() {
		result.Structs[one.Name] = fields(one.Fields)
	}
	for _, one := range ast.Services {
		methods := map[string][]field{}
		for _, function := range one.Functions {
			methods[function.Name] = fields(function.Arguments)
		}
		result.Services[one.Name] = methods
	}
	for _, one := range ast.Enums {
		values := map[string]int64{}
		for _, value := range one.Values {
			values[value.Name] = value.Value
		}
		result.Enums[one.Name] = values
	}
	return result
}

func fields(all []*parser.Field) []field {
	result := []field{}
	for _, one := range all {
		requiredness := map[parser.FieldType]string{parser.FieldType_Required: "required", parser.FieldType_Optional: "optional"}[one.Requiredness]
		if requiredness == "" {
			requiredness = "default"
		}
		result = append(result, field{one.ID, one.Name, requiredness})
	}
	return result
}
