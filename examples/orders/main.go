// Command orders is the order service: it keeps orders in memory.
//
//	PORT=8001 go run .
package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8001"
	}
	server := &http.Server{
		Addr:              net.JoinHostPort("127.0.0.1", port),
		Handler:           newHandler(newStore(time.Now)),
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Printf("orders: listening on http://%s", server.Addr)
	log.Fatal(server.ListenAndServe())
}
