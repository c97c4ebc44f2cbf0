// Generates the SDK of a Pulumi package: main <schema.json> <python|nodejs|go> <folder>.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "npm run sdks of pulumi-supermemory"

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("expected a schema, a language and a folder"))
	}
	pkg, loader := bind(os.Args[1])
	files, err := generate(pkg, loader, os.Args[2])
	fail(err)
	for name, content := range files {
		path := filepath.Join(os.Args[3], name)
		fail(os.MkdirAll(filepath.Dir(path), 0o755))
		fail(os.WriteFile(path, content, 0o644))
	}
}

// A warning fails as an error does, because nobody would read it.
func bind(path string) (*schema.Package, schema.ReferenceLoader) {
	content, err := os.ReadFile(path)
	fail(err)
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	var spec schema.PackageSpec
	fail(decoder.Decode(&spec))
	loader := noPackages{schema.NewNullLoader()}
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	fail(err)
	if len(diagnostics) > 0 {
		fail(diagnostics)
	}
	return pkg, loader
}

func generate(pkg *schema.Package, loader schema.ReferenceLoader, language string) (map[string][]byte, error) {
	switch language {
	case "python":
		return python.GeneratePackage(tool, pkg, nil, loader)
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, loader)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	}
	return nil, fmt.Errorf("unknown language %s", language)
}

// The schema refers to no other package.
type noPackages struct{ schema.Loader }

func (noPackages) LoadPackageReference(name string, _ *semver.Version) (schema.PackageReference, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", name)
}

func (noPackages) LoadPackageReferenceV2(
	_ context.Context, descriptor *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", descriptor.Name)
}

func fail(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
