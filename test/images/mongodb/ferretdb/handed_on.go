// Package handler: a file added to FerretDB's, which throws away some of what DocumentDB can do.
package handler

import (
	"slices"

	"github.com/FerretDB/wire/wirebson"
)

// createOptions are the fields of `create` that DocumentDB honours.
var createOptions = []string{
	"create", "viewOn", "pipeline", "validator", "validationLevel", "validationAction", "$db",
}

// unknownKeywords are those of $jsonSchema that DocumentDB refuses or does not enforce. Without them a schema allows
// more, never less.
var unknownKeywords = []string{
	"additionalProperties", "allOf", "anyOf", "dependencies", "maxProperties", "minProperties", "not", "oneOf",
	"patternProperties", "title",
}

// handedOnCreate returns `create` with the options that DocumentDB honours.
func handedOnCreate(command wirebson.RawDocument) (wirebson.RawDocument, error) {
	doc, err := command.DecodeDeep()
	if err != nil {
		return nil, err
	}
	for _, name := range doc.FieldNames() {
		if !slices.Contains(createOptions, name) {
			doc.Remove(name)
		}
	}
	return withKnownSchema(doc)
}

// handedOnCollMod returns `collMod` with a validator that DocumentDB understands.
func handedOnCollMod(command wirebson.RawDocument) (wirebson.RawDocument, error) {
	doc, err := command.DecodeDeep()
	if err != nil {
		return nil, err
	}
	return withKnownSchema(doc)
}

// handedOnUsersInfo returns `usersInfo` without the user's database, which is always admin in DocumentDB.
func handedOnUsersInfo(command wirebson.RawDocument) (wirebson.RawDocument, error) {
	doc, err := command.DecodeDeep()
	if err != nil {
		return nil, err
	}
	if user, ok := doc.Get("usersInfo").(*wirebson.Document); ok {
		if err = doc.Replace("usersInfo", user.Get("user")); err != nil {
			return nil, err
		}
	}
	return doc.Encode()
}

// withUsers gives an answer to `usersInfo` the empty list that DocumentDB leaves out.
func withUsers(answer wirebson.RawDocument) (wirebson.RawDocument, error) {
	doc, err := answer.Decode()
	if err != nil || doc.Get("users") != nil {
		return answer, err
	}
	return wirebson.MustDocument("users", wirebson.MakeArray(0), "ok", doc.Get("ok")).Encode()
}

func withKnownSchema(doc *wirebson.Document) (wirebson.RawDocument, error) {
	if validator, ok := doc.Get("validator").(*wirebson.Document); ok {
		if err := loosen(validator.Get("$jsonSchema")); err != nil {
			return nil, err
		}
	}
	return doc.Encode()
}

// loosen takes out of a schema what DocumentDB does not know.
func loosen(value any) error {
	schema, ok := value.(*wirebson.Document)
	if !ok {
		return nil
	}
	for _, keyword := range unknownKeywords {
		schema.Remove(keyword)
	}
	if err := spellNumber(schema); err != nil {
		return err
	}
	if properties, ok := schema.Get("properties").(*wirebson.Document); ok {
		for _, property := range properties.All() {
			if err := loosen(property); err != nil {
				return err
			}
		}
	}
	switch items := schema.Get("items").(type) {
	case *wirebson.Document:
		return loosen(items)
	case *wirebson.Array:
		for item := range items.Values() {
			if err := loosen(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// spellNumber replaces the alias "number", which DocumentDB does not know as a bsonType.
func spellNumber(schema *wirebson.Document) error {
	types := wirebson.MakeArray(4)
	add := func(names ...string) error {
		for _, name := range names {
			if err := types.Add(name); err != nil {
				return err
			}
		}
		return nil
	}
	given := wirebson.MakeArray(1)
	switch value := schema.Get("bsonType").(type) {
	case string:
		if err := given.Add(value); err != nil {
			return err
		}
	case *wirebson.Array:
		given = value
	default:
		return nil
	}
	for value := range given.Values() {
		name, _ := value.(string)
		names := []string{name}
		if name == "number" {
			names = []string{"double", "int", "long", "decimal"}
		}
		if err := add(names...); err != nil {
			return err
		}
	}
	return schema.Replace("bsonType", types)
}
