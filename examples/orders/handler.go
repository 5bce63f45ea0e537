package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"example.com/shop/orders/models"
	"example.com/shop/orders/models/wire"
)

const maxBody = 1 << 20

func newHandler(orders *store) http.Handler {
	mux := http.NewServeMux()

	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		wanted, err := read(w, r, wire.DecodeAll[models.NewOrder])
		if err != nil {
			refuse(w, err)
			return
		}
		write(w, http.StatusCreated, orders.create(wanted))
	})

	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		order, err := orders.find(r.PathValue("id"))
		if err != nil {
			refuse(w, err)
			return
		}
		write(w, http.StatusOK, order)
	})

	mux.HandleFunc("PUT /orders/{id}/payment", func(w http.ResponseWriter, r *http.Request) {
		payment, err := read(w, r, wire.DecodeAll[models.Payment])
		if err != nil {
			refuse(w, err)
			return
		}
		order, err := orders.settle(r.PathValue("id"), payment)
		if err != nil {
			refuse(w, err)
			return
		}
		write(w, http.StatusOK, order)
	})

	return mux
}

// read decodes the body of a request, and finds all that is wrong with it.
func read[T any](w http.ResponseWriter, r *http.Request, decode func([]byte) (T, error)) (T, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var none T
		return none, fmt.Errorf("read the request: %w", err)
	}
	return decode(body)
}

func write(w http.ResponseWriter, status int, value json.Marshaler) {
	body, err := value.MarshalJSON()
	if err != nil { // the service made a value that its own specs do not allow
		log.Printf("orders: %v", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		log.Printf("orders: %v", err)
	}
}

// refuse answers with a Problem: each kind of error has its status.
func refuse(w http.ResponseWriter, err error) {
	problem := models.Problem{Message: err.Error()}
	status := http.StatusBadRequest
	var invalid wire.DecodeErrors
	switch {
	case errors.As(err, &invalid):
		problem.Message = strings.ReplaceAll(problem.Message, "\n", "; ")
		problem.Path = &invalid[0].Path
		status = http.StatusUnprocessableEntity
	case errors.Is(err, errNotFound):
		status = http.StatusNotFound
	case errors.Is(err, errConflict):
		status = http.StatusConflict
	}
	write(w, status, problem)
}
