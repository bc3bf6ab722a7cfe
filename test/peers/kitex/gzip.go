//go:build gzip

package main

// Importing it is what gives a Kitex server its only compressor; without it a client that offers gzip alone is refused.
import _ "github.com/cloudwego/kitex/pkg/remote/codec/protobuf/encoding/gzip"
