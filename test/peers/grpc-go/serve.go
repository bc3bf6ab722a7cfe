package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"kite.test/grpcpeer/gen/peer"
)

// serve runs grpc-go in plaintext (`grpc`), and with files given over TLS (`tls`) and TLS that asks for a certificate (`mtls`); connect-go on
// HTTP/1.1 and h2c (`connect`) and over TLS (`connects`). `bare` is grpc-go without reflection. Their ports are one JSON line on stdout.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	port := flags.Int("port", 0, "port of the plaintext gRPC server; 0: a free one")
	cert := flags.String("cert", "", "certificate of the TLS servers, PEM")
	key := flags.String("key", "", "its key")
	ca := flags.String("ca", "", "authority of client certificates, for mtls")
	window := flags.Int("window", 0, "initial window of grpc-go in bytes; 0: its own, which grows")
	_ = flags.Parse(args)
	exitWhenOrphaned()

	ports := map[string]int{}
	listen := func(name string, port int) (net.Listener, error) {
		listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err == nil {
			ports[name] = listener.Addr().(*net.TCPAddr).Port
		}
		return listener, err
	}
	done := make(chan error, 8)
	startGrpc := func(name string, port int, reflected bool, more ...grpc.ServerOption) error {
		listener, err := listen(name, port)
		if err != nil {
			return err
		}
		server := grpc.NewServer(append(more, options(*window)...)...)
		peer.RegisterPeerServer(server, grpcPeer{})
		if reflected {
			reflection.Register(server)
		}
		go func() { done <- server.Serve(listener) }()
		return nil
	}
	startConnect := func(name string, secure *tls.Config) error {
		listener, err := listen(name, 0)
		if err != nil {
			return err
		}
		protocols := new(http.Protocols)
		protocols.SetHTTP1(true)
		protocols.SetHTTP2(true)
		protocols.SetUnencryptedHTTP2(secure == nil)
		server := &http.Server{Handler: connectHandler(), Protocols: protocols, TLSConfig: secure}
		go func() {
			if secure == nil {
				done <- server.Serve(listener)
			} else {
				done <- server.ServeTLS(listener, "", "")
			}
		}()
		return nil
	}

	if err := startGrpc("grpc", *port, true); err != nil {
		return err
	}
	if err := startGrpc("bare", 0, false); err != nil {
		return err
	}
	if err := startConnect("connect", nil); err != nil {
		return err
	}
	if *cert != "" {
		secure, err := tlsConfig(*cert, *key, "")
		if err != nil {
			return err
		}
		if err := startGrpc("tls", 0, true, grpc.Creds(credentials.NewTLS(secure))); err != nil {
			return err
		}
		if err := startConnect("connects", secure.Clone()); err != nil {
			return err
		}
	}
	if *ca != "" {
		mutual, err := tlsConfig(*cert, *key, *ca)
		if err != nil {
			return err
		}
		if err := startGrpc("mtls", 0, true, grpc.Creds(credentials.NewTLS(mutual))); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"ports": ports}); err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	select {
	case err := <-done:
		return err
	case <-stop:
		return nil
	}
}

func options(window int) []grpc.ServerOption {
	options := []grpc.ServerOption{
		grpc.UnaryInterceptor(unaryEcho),
		grpc.StreamInterceptor(streamEcho),
		grpc.MaxRecvMsgSize(math.MaxInt32),
		grpc.MaxSendMsgSize(math.MaxInt32),
		// A client may ping as often as it likes.
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Millisecond, PermitWithoutStream: true}),
	}
	if window > 0 {
		options = append(options, grpc.InitialWindowSize(int32(window)), grpc.InitialConnWindowSize(int32(window)))
	}
	return options
}

func tlsConfig(cert, key, ca string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, err
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", ca)
		}
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}
