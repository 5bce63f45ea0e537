package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"example.com/shop/orders/models"
)

var (
	errNotFound = errors.New("no such order")
	errConflict = errors.New("the payment does not fit the order")
)

// store keeps orders in memory. It is safe for concurrent use.
type store struct {
	now    func() time.Time
	mu     sync.Mutex
	orders map[string]models.Order
}

func newStore(now func() time.Time) *store {
	return &store{now: now, orders: make(map[string]models.Order)}
}

// create adds an order, which waits for a payment.
func (s *store) create(wanted models.NewOrder) models.Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	order := models.Order{
		Customer:  wanted.Customer,
		Lines:     wanted.Lines,
		Note:      wanted.Note,
		ID:        fmt.Sprintf("order_%d", len(s.orders)+1),
		CreatedAt: s.now().UTC().Truncate(time.Millisecond), // what a Date of JavaScript can hold
		Status:    models.OrderStatusOpen,
	}
	for _, line := range wanted.Lines {
		order.TotalCents += int64(line.Quantity) * line.UnitCents
	}
	s.orders[order.ID] = order
	return order
}

func (s *store) find(id string) (models.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	order, ok := s.orders[id]
	if !ok {
		return models.Order{}, fmt.Errorf("%w: %s", errNotFound, id)
	}
	return order, nil
}

// settle changes the status of an order to the outcome of its payment.
func (s *store) settle(id string, payment models.Payment) (models.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	order, ok := s.orders[id]
	if !ok {
		return models.Order{}, fmt.Errorf("%w: %s", errNotFound, id)
	}
	if payment.OrderID != id || payment.AmountCents != order.TotalCents || order.Status != models.OrderStatusOpen {
		return models.Order{}, fmt.Errorf("%w: %s", errConflict, id)
	}
	switch payment.Outcome.Value().(type) {
	case *models.Captured:
		order.Status = models.OrderStatusPaid
	case *models.Declined:
		order.Status = models.OrderStatusRefused
	}
	s.orders[id] = order
	return order, nil
}
