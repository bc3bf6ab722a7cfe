package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
)

// secureFront terminates TLS before a plain port, since Kitex v0.16.3 has no TLS of its own for servers. With `clients` each client must
// show a certificate of that authority.
func secureFront(target int, certFile, keyFile, clients string) (int, error) {
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return 0, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2"}}
	if clients != "" {
		pem, err := os.ReadFile(clients)
		if err != nil {
			return 0, err
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(pem) {
			return 0, fmt.Errorf("no certificate in %s", clients)
		}
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		return 0, err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go pipe(conn, target)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func pipe(conn net.Conn, target int) {
	defer conn.Close()
	// A refused client must not be seen by the server behind.
	if err := conn.(*tls.Conn).Handshake(); err != nil {
		return
	}
	behind, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", target))
	if err != nil {
		return
	}
	var once sync.Once
	stop := func() { _ = conn.Close(); _ = behind.Close() }
	go func() { _, _ = io.Copy(behind, conn); once.Do(stop) }()
	_, _ = io.Copy(conn, behind)
	once.Do(stop)
}
